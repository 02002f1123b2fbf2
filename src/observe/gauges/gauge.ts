import {Gauge, type Registry} from 'prom-client';

/** What a gauge is called, what it means, and by what it is told apart. */
export interface GaugeSpec<L extends string> {
  readonly name: `rollcall_${string}`;
  readonly help: string;
  readonly labels?: readonly L[];
}

/** Shows one value of a gauge. */
export type Show<L extends string> = (labels: Readonly<Record<L, string>>, value: number) => void;

/** A gauge that is made anew at each scrape from what is so then: what is no longer so has no series. */
export const scrapedGauge = <L extends string = never>(
  registry: Registry,
  {help, labels = [], name}: GaugeSpec<L>,
  read: (show: Show<L>) => void,
): void => {
  new Gauge({
    name,
    help,
    labelNames: labels,
    registers: [registry],
    collect() {
      this.reset();
      read((values, value) => this.set({...values}, value));
    },
  });
};

/** Epoch milliseconds as Prometheus counts time. */
export const inSeconds = (milliseconds: number): number => milliseconds / 1000;

import {CONTROLLER} from './controller.ts';
import {FLEET} from './fleet.ts';

/** The panel that explains an alert. */
export interface PanelPlace {
  readonly dashboard: string;
  readonly id: number;
}

/** The panel that each alert links to, by the alert's name. */
export const PANELS: ReadonlyMap<string, PanelPlace> = new Map(
  [FLEET, CONTROLLER].flatMap(({rows, uid}) =>
    rows
      .flatMap(({panels}) => panels)
      .flatMap(({alerts = [], id}) => alerts.map(alert => [alert, {dashboard: uid, id}] as const)),
  ),
);

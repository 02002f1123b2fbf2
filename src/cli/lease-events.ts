import type {Logger} from 'pino';
import type {LeaseEvent} from '../leader/elector-options.ts';

type Line = readonly [level: 'info' | 'warn' | 'error', message: string];

const lineOf = (event: LeaseEvent): Line => {
  switch (event.kind) {
    case 'acquired':
      return ['info', `lease ${event.lease}: acquired; its workspaces are worked on here`];
    case 'released':
      return ['info', `lease ${event.lease}: given away`];
    case 'lost': {
      const why = event.holder === undefined ? 'it ran out' : `${event.holder} has it`;
      return ['warn', `lease ${event.lease}: lost, ${why}; nothing more is sent by it`];
    }
    case 'unexpected-error':
      return [
        'error',
        `an unexpected error, a fault of Rollcall’s own, while leases changed hands: ${event.message}; it is tried again`,
      ];
    case 'api-trouble':
      return event.message === undefined
        ? ['info', 'leases: the API server answers again']
        : ['warn', `leases: ${event.message}; what is held is acted by until it runs out`];
  }
};

/** Writes what became of leases to the log. */
export const logEvent = (log: Logger, event: LeaseEvent): void => {
  const [level, message] = lineOf(event);
  log[level]('lease' in event ? {lease: event.lease} : {}, message);
};

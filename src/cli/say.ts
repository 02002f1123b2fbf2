import {withTimesFor} from '../domain/time.ts';
import {systemClock} from '../system.ts';
import {type Io, print, readerOf} from './io.ts';
import {plain} from './render.ts';

/** Prints a sentence for whoever runs the command: on one line, and its times in their zone. */
export const say = (io: Io, text: string): void =>
  print(io.stderr, plain(withTimesFor(text, readerOf(io, systemClock.now()))));

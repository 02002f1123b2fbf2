import {watch} from 'chokidar';

/** How long a burst of file events may go on before it is one change. Milliseconds. */
const SETTLED_AFTER = 50;

/**
 * Watches files and folders, and calls `onChange` once for each burst of events. Resolves when it watches,
 * with what ends it. Events may get lost: they are hints, and a timer elsewhere stays the truth.
 */
export const watchPaths = async (
  paths: readonly string[],
  onChange: () => void,
  ignored: (path: string) => boolean = () => false,
): Promise<() => Promise<void>> => {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch([...paths], {ignoreInitial: true, followSymlinks: false, ignored});
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onChange, SETTLED_AFTER);
  };
  watcher.on('all', changed).on('error', changed);
  await new Promise<void>(resolve => watcher.once('ready', resolve));
  return async () => {
    clearTimeout(timer);
    await watcher.close();
  };
};

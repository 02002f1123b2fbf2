/** Preloaded by a test: the process ends with the names of the packages that it loaded, one a line on standard error. */
import {registerHooks} from 'node:module';

const packages = new Set<string>();
registerHooks({
  load: (url, context, next) => {
    const [, name] = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
    if (name !== undefined) packages.add(name);
    return next(url, context);
  },
});
process.on('exit', () => process.stderr.write([...packages].map(name => `${name}\n`).join('')));

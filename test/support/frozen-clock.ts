/** Preloaded by a test: the process believes that it started at `TEST_NOW` (epoch milliseconds). */
const offset = Number(process.env['TEST_NOW']) - Date.now();
const realNow = Date.now.bind(Date);
Date.now = () => realNow() + offset;

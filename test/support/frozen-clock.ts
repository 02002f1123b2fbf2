/** Preloaded into a process of Rollcall: its clock starts at TEST_NOW (epoch milliseconds), and runs on from there. */
Object.defineProperty(performance, 'timeOrigin', {
  value: Number(process.env['TEST_NOW']) - performance.now(),
});

const NUL = 0x00;
/** What ends a line. */
export const NEWLINE = 0x0a;

/** The parts of a buffer between separators, but for those that are empty. */
export function* parts(listing: Buffer, separator = NUL): Generator<Buffer, void> {
  for (let at = 0; at < listing.length; ) {
    const end = listing.indexOf(separator, at);
    const until = end === -1 ? listing.length : end;
    if (until > at) yield listing.subarray(at, until);
    at = until + 1;
  }
}

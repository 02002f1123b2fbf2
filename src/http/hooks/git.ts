import type {Context} from 'hono';
import {problem} from '../problem.ts';
import {branchesIn} from './branches.ts';
import {isSigned} from './signature.ts';

/** How a delivery was taken. */
export type DeliveryResult = 'accepted' | 'ignored' | 'refused';

/** A delivery as others may be handed it on: as it came. */
export interface Delivery {
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** What deliveries are checked by, and what they lead to. */
export interface HookTarget {
  /** The secret as it is now; undefined where it cannot be read. */
  secret(): string | undefined;
  /** The branch that is followed; undefined where the remote says which. */
  readonly branch: string | undefined;
  /** Has the source be read soon. */
  look(): void;
  /** Hands a delivery on to whoever else should look. */
  relay(delivery: Delivery): void;
  /** Told how each delivery was taken. */
  told(result: DeliveryResult): void;
}

const MEBIBYTE = 2 ** 20;
/** As much of deliveries is held at the same time, whoever sends them: nobody has shown yet that they may. Bytes. */
const MOST_HELD = 16 * MEBIBYTE;
/** Says that a replica handed the delivery on: it goes no further. */
export const RELAYED = 'x-rollcall-relayed';

const refused = (context: Context, target: HookTarget, status: 401 | 413 | 503, detail: string): Response => {
  target.told('refused');
  return problem(context, status, detail);
};

const taken = (context: Context, target: HookTarget, delivery: Delivery): Response => {
  const branches = branchesIn(new TextDecoder().decode(delivery.body));
  const {branch} = target;
  if (branches && branch !== undefined && !branches.includes(branch)) {
    target.told('ignored');
    return context.text('another branch: ignored\n');
  }
  target.told('accepted');
  target.look();
  if (!delivery.headers.has(RELAYED)) target.relay(delivery);
  return context.text('looking\n', 202);
};

/**
 * Takes pushes, told by the host of the repository. One says no more than *look now*: what is read, and from where, is the
 * configuration's own. The signature is checked over the body as it came, before anything of it is read; one that comes
 * again does no harm.
 */
export class GitHook {
  /** Bytes of deliveries that are being read. */
  #held = 0;

  /** @param target undefined where no webhook is configured */
  async answer(context: Context, target: HookTarget | undefined): Promise<Response> {
    if (!target) return problem(context, 404, 'no webhook is configured: source.git.webhook.secretFile');
    const body = await this.#bodyOf(context.req.raw);
    if (body === 'large') return refused(context, target, 413, 'a delivery has at most 1 MiB');
    if (body === 'busy') return refused(context, target, 503, 'too many deliveries at once: send it again');
    const secret = target.secret();
    if (secret === undefined)
      return refused(context, target, 503, 'the secret cannot be read: see the log of Rollcall');
    const {headers} = context.req.raw;
    if (!isSigned(name => headers.get(name) ?? undefined, secret, body))
      return refused(context, target, 401, 'the signature is missing, or is not that of the secret');
    return taken(context, target, {headers, body});
  }

  /** The body of a request, up to a mebibyte; or why it is not read. */
  async #bodyOf({body, headers}: Request): Promise<Uint8Array<ArrayBuffer> | 'large' | 'busy'> {
    if (Number(headers.get('content-length') ?? 0) > MEBIBYTE) return 'large';
    const parts: Uint8Array[] = [];
    let length = 0;
    try {
      for await (const part of body ?? []) {
        length += part.length;
        this.#held += part.length;
        if (length > MEBIBYTE) return 'large';
        if (this.#held > MOST_HELD) return 'busy';
        parts.push(part);
      }
      return new Uint8Array(Buffer.concat(parts));
    } finally {
      this.#held -= length;
    }
  }
}

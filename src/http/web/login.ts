import type {Context} from 'hono';
import {html} from 'hono/html';
import {page} from './layout.ts';

/** Asks a browser for the token. `to`: where it was going, a path of this server. */
export const loginPage = (
  context: Context,
  {
    isWrong = false,
    status = 200,
    to,
  }: {readonly to: string; readonly isWrong?: boolean; readonly status?: number},
): Promise<Response> => {
  const wrong = isWrong ? html`<p class="bad" role="alert">That is not the token.</p>` : '';
  const body = html`
    <h1>Rollcall</h1>
    ${wrong}
    <form method="post" action="login" class="login">
      <label>token <input type="password" name="token" required autocomplete="current-password" autofocus /></label>
      <input type="hidden" name="to" value="${to}" />
      <button>Log in</button>
    </form>
    <p class="soft">The token stands in the file that <code>http.auth.tokenFile</code> names.</p>`;
  return page(context, {title: 'Log in', body, status});
};

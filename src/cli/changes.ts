import type {Config} from '../config/schema.ts';
import type {Controller} from '../controller/controller.ts';
import type {DeclarationSource} from '../controller/ports.ts';
import {patchOf} from '../domain/patch.ts';
import {isCommit} from '../domain/revision.ts';
import {commitUrl, editUrl, lineUrl, webHostOf} from '../domain/web-host.ts';
import type {ChangeSource} from '../http/changes.ts';
import {editsOf} from '../source/edits.ts';
import {systemClock} from '../system.ts';

/** A commit's hash; a folder's revision is none. */

/** How declarations would be changed, and where that is done. */
export const changesOf = (
  source: DeclarationSource,
  controller: Controller,
  {source: {git}}: Config,
): ChangeSource => {
  const host = git && webHostOf(git.url, git);
  const commit = (): string | undefined => {
    const id = controller.revision?.id;
    return id !== undefined && isCommit(id) ? id : undefined;
  };
  return {
    edits: async place => {
      const text = await source.text(place.file);
      if (text === undefined) return [];
      const url = host && git.branch !== undefined ? editUrl(host, git.branch, place.file) : undefined;
      return editsOf(text, place, systemClock.now()).map(({after, before, kind}) => ({
        kind,
        text: after,
        patch: patchOf(place.file, before, after),
        url,
      }));
    },
    lineUrl: place => {
      const id = commit();
      return host && id !== undefined ? lineUrl(host, id, place) : undefined;
    },
    commitUrl: revision => (host && isCommit(revision) ? commitUrl(host, revision) : undefined),
  };
};

// The member's own codes and redemptions, newest first: those to use, and apart from them those that are over.
import {useSignal} from '@preact/signals';
import {Asked} from '../../shared/account/Asked.jsx';
import {Held} from './Held.jsx';
import {t} from '../../shared/surface/words.js';

/** @typedef {import('../../shared/surface/parts.js').Told & {acting: import('../../shared/surface/acting.js').Acting}} List */

const OPEN = '/held?only=open';
const OVER = '/held?only=over';

/** What can be used, or is under way. Without any, nothing stands before the rewards. @param {List} list */
export function ToUse(list) {
  const first = list.parts.part(OPEN).value;
  if (first.state === 'told' && first.answer.held.length === 0) return null;
  return (
    <s-section heading={t('held.title')}>
      <Pages {...list} first={OPEN} />
    </s-section>
  );
}

/** What was used, returned or has expired: to look it up, out of the way. @param {List} list */
export function Over(list) {
  const first = list.parts.part(OVER).value;
  if (first.state !== 'failed' && !(first.answer?.held.length > 0)) return null;
  return (
    <s-section>
      <s-details>
        <s-summary>{t('held.over')}</s-summary>
        <Pages {...list} first={OVER} />
      </s-details>
    </s-section>
  );
}

/** @param {List & {first: string}} list */
function Pages({first, talk, parts, acting}) {
  const pages = useSignal([first]);
  return (
    <s-stack gap="large">
      {pages.value.map((path, place) => (
        <HeldPage
          key={path}
          path={path}
          talk={talk}
          parts={parts}
          acting={acting}
          more={place === pages.value.length - 1 ? (before) => (pages.value = [...pages.value, `${first}&before=${before}`]) : null}
        />
      ))}
    </s-stack>
  );
}

/** @param {List & {path: string, more: ((before: number) => void) | null}} page */
function HeldPage({path, talk, parts, acting, more}) {
  return (
    <Asked part={parts.part(path)} again={() => parts.again(path)}>
      {(/** @type {import('../../shared/api').HeldList} */ {held, before}) => (
        <s-stack gap="large">
          {held.map((one) => <Held key={one.id} held={one} talk={talk} parts={parts} acting={acting} />)}
          {before !== null && more && <s-button variant="secondary" onClick={() => more(before)}>{t('page.earlier')}</s-button>}
        </s-stack>
      )}
    </Asked>
  );
}

// The member's own codes and redemptions, newest first, with what can be used at the top.
import {useSignal} from '@preact/signals';
import {Asked} from '../../shared/account/Asked.jsx';
import {Held} from './Held.jsx';
import {t} from '../../shared/surface/words.js';

/** @param {import('../../shared/surface/parts.js').Told & {acting: import('../../shared/surface/acting.js').Acting}} list */
export function HeldList({talk, parts, acting}) {
  const pages = useSignal(['/held']);
  return (
    <s-section heading={t('held.title')}>
      <s-stack gap="large">
        {pages.value.map((path, place) => (
          <HeldPage
            key={path}
            path={path}
            talk={talk}
            parts={parts}
            acting={acting}
            more={place === pages.value.length - 1 ? (before) => (pages.value = [...pages.value, `/held?before=${before}`]) : null}
          />
        ))}
      </s-stack>
    </s-section>
  );
}

/**
 * @param {import('../../shared/surface/parts.js').Told & {path: string, acting: import('../../shared/surface/acting.js').Acting,
 *     more: ((before: number) => void) | null}} page
 */
function HeldPage({path, talk, parts, acting, more}) {
  return (
    <Asked part={parts.part(path)} again={() => parts.again(path)}>
      {(/** @type {import('../../shared/api').HeldList} */ {held, before}) => (
        <s-stack gap="large">
          {held.length === 0 && <s-text>{t('held.none')}</s-text>}
          {held.map((one) => <Held key={one.id} held={one} talk={talk} parts={parts} acting={acting} />)}
          {before !== null && more && <s-button variant="secondary" onClick={() => more(before)}>{t('page.earlier')}</s-button>}
        </s-stack>
      )}
    </Asked>
  );
}

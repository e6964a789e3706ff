// A part of the page that the app is asked for: a skeleton first, then the answer, or why there is none.
import {Refusal} from '../ask.js';
import {failure, t} from '../surface/words.js';

/** @typedef {import('../surface/parts.js').Part} Part */

/** Whether the shop shows nothing of its programme yet. @param {Part} part */
export const isNotLaunched = ({error}) => error instanceof Refusal && ['not_launched', 'not_installed'].includes(error.code);

/**
 * @param {{part: import('../surface/parts.js').PartSignal, again: () => unknown,
 *     children: (answer: any) => import('preact').ComponentChildren}} asked
 */
export function Asked({part, again, children}) {
  const {state, answer, error} = part.value;
  return (
    <s-stack gap="base">
      {state === 'failed' && <Failed error={error} again={again} />}
      {answer ? children(answer) : state === 'asking' && <Skeleton />}
    </s-stack>
  );
}

/** @param {{error: unknown, again: () => unknown}} failed */
function Failed({error, again}) {
  return (
    <s-banner tone="warning" heading={failure(error)}>
      <s-button variant="secondary" onClick={() => void again()}>{t('surface.failed.again')}</s-button>
    </s-banner>
  );
}

function Skeleton() {
  return (
    <s-stack gap="base" accessibilityRole="status" accessibilityLabel={t('page.asking')}>
      <s-skeleton-paragraph />
      <s-skeleton-paragraph />
    </s-stack>
  );
}

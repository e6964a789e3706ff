// A part of an admin block that the app is asked for: waiting, the answer, or why there is none with another try.
import {failureInAdmin} from './staff.js';
import {t} from '../surface/words.js';

/**
 * @param {{part: import('../surface/parts.js').PartSignal, again: () => unknown,
 *     children: (answer: any) => import('preact').ComponentChildren}} told
 */
export function Told({part, again, children}) {
  const {state, answer, error} = part.value;
  return (
    <s-stack gap="base">
      {state === 'failed' && (
        <s-banner tone="warning" heading={failureInAdmin(error)}>
          <s-button onClick={() => void again()}>{t('surface.failed.again')}</s-button>
        </s-banner>
      )}
      {answer ? children(answer) : state === 'asking' && <s-spinner accessibilityLabel={t('blocks.asking')} />}
    </s-stack>
  );
}

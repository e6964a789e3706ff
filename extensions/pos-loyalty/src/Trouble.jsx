// What stands in the way, in a word, and another try.
import {failureAtTill} from './staff.js';
import {t} from '../../shared/surface/words.js';

/** @param {{error: unknown, again: () => unknown}} trouble */
export function Trouble({error, again}) {
  return (
    <s-stack gap="base">
      <s-banner tone="warning" heading={failureAtTill(error)} />
      <s-button onClick={() => void again()}>{t('surface.failed.again')}</s-button>
    </s-stack>
  );
}

/** A till without a connection says so, and never shows a balance that it cannot know. */
export function Offline() {
  return <s-banner tone="warning" heading={t('trouble.offline')} />;
}

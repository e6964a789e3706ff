// Above the list of orders: the balance in a line, and the way to the rewards page. Nothing where there is none.
import '@shopify/ui-extensions/preact';
import {render} from 'preact';
import {createParts} from '../../shared/surface/parts.js';
import {REWARDS_PAGE} from '../../shared/account/place.js';
import {talkOfPage} from '../../shared/account/talk.js';
import {t} from '../../shared/surface/words.js';

export default async () => {
  render(<OrderList parts={createParts(talkOfPage())} />, document.body);
};

/** @param {{parts: import('../../shared/surface/parts.js').Parts}} told */
function OrderList({parts}) {
  const {state, answer} = parts.part('/me').value;
  if (state === 'asking') return <s-skeleton-paragraph />;
  const member = /** @type {import('../../shared/api').Me | null} */ (answer)?.member;
  // A line beside somebody's orders is not worth a trouble of its own.
  if (!member) return null;
  return (
    <s-stack direction="inline" gap="small-200" alignItems="center">
      <s-text>{t('rewards.have', {points: member.available.text})}</s-text>
      <s-link href={REWARDS_PAGE}>{t('blocks.open')}</s-link>
    </s-stack>
  );
}

import '@shopify/ui-extensions/preact';
import {render} from 'preact';
import {useState} from 'preact/hooks';
import {sampleOrder, sampleProgramme} from '../../shared/samples.js';
import {Claiming} from './Claiming.jsx';
import {Copied, Inviting} from './Sharing.jsx';
import {Survey} from './Survey.jsx';
import {talkOfCheckout} from './app.js';
import {numberOf} from './cart.js';
import {useOrdered} from './ordered.js';

/**
 * @typedef {import('../../shared/api').OrderNow} OrderNow
 * @typedef {import('../../shared/api').Done} Done
 * @typedef {{answer: (answer: import('./Survey.jsx').Answer) => Promise<Done>, claim: () => Promise<Done>}} Acts
 */

export default async () => {
  render(shopify.extension.editor ? <Example /> : <Earned />, document.body);
};

/** What the merchant sees while editing: nobody's order, nothing asked. */
function Example() {
  const {i18n, localization} = shopify;
  const thanks = async () => ({key: 'sample', text: i18n.translate('survey.thanks'), points: null, available: null});
  return <Shown order={sampleOrder(i18n, localization.currency.value.isoCode)} over={false} acts={{answer: thanks, claim: thanks}} />;
}

function Earned() {
  const [app] = useState(talkOfCheckout);
  const id = numberOf(shopify.orderConfirmation.value.order.id);
  const token = shopify.checkoutToken.value;
  // Both are claims of the page: the app compares them with the order that Shopify told it of.
  const about = token ? {order: id, checkout_token: token} : {order: id};
  const path = `/orders/${id}${token ? `?checkout_token=${encodeURIComponent(token)}` : ''}`;
  const {order, over, error} = useOrdered((signal) => app.get(path, signal), [path]);
  // Nothing that we show is worth an error beside somebody's order.
  if (id === null || (error && !order)) return null;
  if (!order) return <s-skeleton-paragraph />;
  return <Shown order={order} over={over} acts={{
    answer: (answer) => app.act('/survey', {...answer, ...about}),
    claim: () => app.act('/claim', about),
  }} />;
}

/** @param {{order: OrderNow, over: boolean, acts: Acts}} props `over`: nobody asks anymore whether there is news */
function Shown({order, over, acts}) {
  const {settings: {value: settings}, i18n} = shopify;
  const {code, tier, invitation, survey} = order;
  const [claimed, setClaimed] = useState(/** @type {string | null} */ (null));
  const claim = claimed ?? order.claim;
  const guest = claim !== null;
  const answer = async (/** @type {import('./Survey.jsx').Answer} */ said) => {
    const done = await acts.answer(said);
    setClaimed(done.claim ?? null);
    return done;
  };
  if (guest && settings.hide_from_guests) return null;
  return (
    <s-section heading={String(settings.heading || i18n.translate('thanks.heading'))}>
      <s-stack gap="large">
        <Points order={order} late={over && order.state === 'waiting'} />
        {guest && <Claiming text={claim} claim={acts.claim} />}
        {code && <NextCode code={code} />}
        {order.code_by_email && <s-text>{i18n.translate('thanks.code_by_email')}</s-text>}
        {tier && <Tier tier={tier} />}
        {invitation && <Inviting invitation={invitation} />}
        {survey && <Survey asked={survey} send={answer} />}
      </s-stack>
    </s-section>
  );
}

/** @param {{order: OrderNow, late: boolean}} props `late`: it is still being counted, and we stopped asking */
function Points({order, late}) {
  const {i18n} = shopify;
  return (
    <s-stack gap="small-200">
      {order.text && <s-text type="strong">{order.text}</s-text>}
      {late && <s-text color="subdued">{i18n.translate('thanks.soon')}</s-text>}
      {order.reasons.length > 0 && (
        <s-details>
          <s-summary>{i18n.translate('thanks.why')}</s-summary>
          <s-stack gap="small-200">{order.reasons.map((reason) => <s-text key={reason}>{reason}</s-text>)}</s-stack>
        </s-details>
      )}
    </s-stack>
  );
}

/** @param {{code: import('../../shared/api').OwnCode}} props */
function NextCode({code: {code, brings, until}}) {
  const {i18n} = shopify;
  const said = brings
    ? (until ? i18n.translate('thanks.code_until', {brings, day: until.text}) : i18n.translate('thanks.code', {brings}))
    : (until ? i18n.translate('thanks.any_code_until', {day: until.text}) : i18n.translate('thanks.any_code'));
  return (
    <s-stack gap="small-200">
      <s-text>{said}</s-text>
      <Copied id="next-code" text={code} label={i18n.translate('thanks.copy_code')} />
    </s-stack>
  );
}

/** @param {{tier: import('../../shared/api').TierNow}} props */
function Tier({tier: {name, reach, keep, news}}) {
  const {i18n} = shopify;
  return (
    <s-stack gap="small-200">
      {name && <s-text>{i18n.translate('thanks.tier', {tier: name})}</s-text>}
      {reach && <s-progress value={reach.share} max={100} accessibilityLabel={i18n.translate('thanks.progress', {tier: reach.name})} />}
      {[...news, ...[keep, reach].flatMap((aim) => (aim ? [aim.text] : []))].map((each) => (
        <s-text key={each} color="subdued">{each}</s-text>
      ))}
    </s-stack>
  );
}

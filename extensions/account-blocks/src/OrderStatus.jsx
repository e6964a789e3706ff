// On an order's page: what this order brought and why, and one question. Whoever came by a link from an email sees
// nothing else; the member sees what follows from it, too.
import '@shopify/ui-extensions/preact';
import {render} from 'preact';
import {useEffect, useRef} from 'preact/hooks';
import {Asked, isNotLaunched} from '../../shared/account/Asked.jsx';
import {useActing} from '../../shared/surface/acting.js';
import {createParts} from '../../shared/surface/parts.js';
import {Said} from '../../shared/account/Said.jsx';
import {Survey} from '../../shared/account/Survey.jsx';
import {talkOfPage} from '../../shared/account/talk.js';
import {t} from '../../shared/surface/words.js';
import {ORDERED, poll} from '../../shared/polling.js';
import {Following} from './Following.jsx';

export default async () => {
  const talk = talkOfPage();
  render(<OrderStatus talk={talk} parts={createParts(talk)} />, document.body);
};

/** Any order: in the editor its answer is a sample. */
const PREVIEWED = 1;

/** The order's number of Shopify; its address begins in different ways. @param {{id: string} | undefined} order */
const numberOf = (order) => Number(order?.id.match(/\d+$/)?.[0] ?? 0);

/** @param {import('../../shared/surface/parts.js').Told} told */
function OrderStatus({talk, parts}) {
  const order = shopify.extension.editor ? PREVIEWED : numberOf(shopify.order.value);
  if (!order) return null;
  return <Order key={order} order={order} talk={talk} parts={parts} />;
}

/** @param {import('../../shared/surface/parts.js').Told & {order: number}} told */
function Order({order, talk, parts}) {
  const checkout = shopify.checkoutToken.value;
  const path = checkout ? `/orders/${order}?checkout_token=${encodeURIComponent(checkout)}` : `/orders/${order}`;
  const known = shopify.authenticationState.value === 'fully_authenticated';
  const part = parts.part(path);
  useEffect(() => awaitOrder(parts, path), [path]);
  const knownWhenAsked = useRef(known);
  useEffect(() => {
    if (knownWhenAsked.current === known) return;
    knownWhenAsked.current = known;
    void parts.again(path); // Whoever has signed in meanwhile is told more.
  }, [known]);

  if (isNotLaunched(part.value)) return null;
  return (
    <s-section heading={t('order.title')}>
      <Asked part={part} again={() => parts.again(path)}>
        {(/** @type {import('../../shared/api').OrderNow} */ answer) => (
          <s-stack gap="base">
            <Earned answer={answer} />
            {known ? <Following answer={answer} /> : <SignIn />}
            <Question answer={answer} order={order} checkout={checkout} talk={talk} parts={parts} />
          </s-stack>
        )}
      </Asked>
    </s-section>
  );
}

/**
 * An order that we have not heard of is looked for a few times.
 * @param {import('../../shared/surface/parts.js').Parts} parts
 * @param {string} path
 */
function awaitOrder(parts, path) {
  const left = new AbortController();
  const look = async () => {
    await parts.again(path);
    return parts.part(path).value;
  };
  const enough = (/** @type {import('../../shared/surface/parts.js').Part} */ part) => part.state === 'failed' || part.answer?.state !== 'waiting';
  void parts.heard(path)
    .then((part) => (enough(part) ? undefined : poll(ORDERED.slice(1), look, enough, {signal: left.signal})))
    .catch(() => undefined); // It ends with the page; what failed is shown already.
  return () => left.abort();
}

/** @param {{answer: import('../../shared/api').OrderNow}} shown */
function Earned({answer}) {
  const saidAlready = answer.points !== null && answer.text.includes(answer.points.text);
  return (
    <s-stack gap="small-200">
      {answer.points && !saidAlready && <s-text type="strong">{t(answer.about ? 'order.about' : 'order.points', {points: answer.points.text})}</s-text>}
      {answer.text && <s-text>{answer.text}</s-text>}
      {answer.available_on && <s-text color="subdued">{t('order.available', {day: answer.available_on.text})}</s-text>}
      {answer.reasons.length > 0 && (
        <s-details>
          <s-summary>{t('history.why')}</s-summary>
          <s-unordered-list>
            {answer.reasons.map((reason) => <s-list-item key={reason}>{reason}</s-list-item>)}
          </s-unordered-list>
        </s-details>
      )}
      {answer.claim && <s-text>{answer.claim}</s-text>}
    </s-stack>
  );
}

function SignIn() {
  return <s-button variant="secondary" onClick={() => void shopify.requireLogin()}>{t('order.sign_in')}</s-button>;
}

/**
 * @param {import('../../shared/surface/parts.js').Told & {answer: import('../../shared/api').OrderNow, order: number,
 *     checkout: string | undefined}} question
 */
function Question({answer, order, checkout, talk, parts}) {
  const acting = useActing({talk, parts});
  const about = checkout ? {order, checkout_token: checkout} : {order};
  return (
    <>
      <Said acting={acting} />
      {answer.survey && <Survey asked={answer.survey} acting={acting} about={about} changes={[`/orders/${order}`]} />}
    </>
  );
}

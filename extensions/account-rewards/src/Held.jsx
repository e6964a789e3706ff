// One redemption or code of the member's: to copy while it can be used, to take back while that is possible.
import {CopyButton} from '../../shared/account/CopyButton.jsx';
import {Terms} from './Reward.jsx';
import {CHANGED_BY_REWARDS, waitForIt} from './waiting.js';
import {t} from '../../shared/surface/words.js';

/** @typedef {import('../../shared/surface/parts.js').Told & {held: import('../../shared/api').Held, acting: import('../../shared/surface/acting.js').Acting}} Shown */

/** @param {Shown} shown */
export function Held(shown) {
  const {held} = shown;
  return (
    <s-stack gap="small-200">
      <s-stack direction="inline" gap="small-200" alignItems="center">
        <s-text type="strong" dir="auto">{held.title}</s-text>
        <s-badge tone={held.state === 'failed' ? 'critical' : 'neutral'}>{t(`held.state.${held.state}`)}</s-badge>
      </s-stack>
      {held.more && <s-text>{held.more}</s-text>}
      <s-text color="subdued">{t('held.on', {day: held.on.text, points: held.points.text})}</s-text>
      {held.ends && <s-text color="subdued">{t('held.ends', {day: held.ends.text})}</s-text>}
      {held.code && <Code code={held.code} name={held.title} id={`code-${held.id}`} />}
      {held.hidden && <Hidden {...shown} />}
      {held.code && <Terms terms={held.terms} />}
      {held.releasable && <Release {...shown} />}
    </s-stack>
  );
}

/** @param {{code: string, name: string, id: string}} shown */
function Code({code, name, id}) {
  return (
    <s-stack direction="inline" gap="base" alignItems="center">
      <s-text type="strong" dir="ltr">{code}</s-text>
      <CopyButton id={id} text={code} label={t('held.copy_named', {name})} />
    </s-stack>
  );
}

/**
 * A code that is worth money by itself: whoever reads over a shoulder could spend it.
 * @param {Shown} shown
 */
function Hidden({held, acting}) {
  const name = `show-${held.id}`;
  return (
    <s-stack gap="small-200">
      <s-text color="subdued">{t('held.hidden')}</s-text>
      <s-button
        variant="secondary"
        loading={acting.busy.value === name}
        accessibilityLabel={t('held.show_named', {name: held.title})}
        onClick={() => void acting.act(name, `/held/${held.id}/show`, {}, [])}
      >
        {t('held.show')}
      </s-button>
    </s-stack>
  );
}

/** @param {Shown} shown */
function Release({held, talk, parts, acting}) {
  const question = `release-${held.id}`;

  async function release() {
    const answer = await acting.act(question, `/held/${held.id}/release`, {}, CHANGED_BY_REWARDS);
    if (answer) await waitForIt(answer.held, {talk, parts});
  }

  return (
    <>
      <s-button
        variant="secondary"
        command="--show"
        commandFor={question}
        loading={acting.busy.value === question}
        accessibilityLabel={t('held.release_named', {name: held.title})}
      >
        {t('held.release')}
      </s-button>
      <s-modal id={question} heading={t('held.release_ask', {name: held.title})}>
        <s-paragraph>{t(held.code ? 'held.release_code' : 'held.release_other', {points: held.points.text})}</s-paragraph>
        <s-button slot="primary-action" variant="primary" command="--hide" commandFor={question} onClick={() => void release()}>
          {t('held.release_yes')}
        </s-button>
        <s-button slot="secondary-actions" variant="secondary" command="--hide" commandFor={question}>{t('held.release_no')}</s-button>
      </s-modal>
    </>
  );
}

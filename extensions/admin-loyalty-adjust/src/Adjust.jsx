// Give points to a customer, or take some, with a reason that the member reads.
import '@shopify/ui-extensions/preact';
import {useSignal} from '@preact/signals';
import {render} from 'preact';
import {useMemo} from 'preact/hooks';
import {Told} from '../../shared/admin/Told.jsx';
import {selected, talkInAdmin} from '../../shared/admin/staff.js';
import {useActing} from '../../shared/surface/acting.js';
import {fieldOf} from '../../shared/surface/field.js';
import {createParts} from '../../shared/surface/parts.js';
import {t} from '../../shared/surface/words.js';

const LONGEST_REASON = 200;

export default async () => {
  render(<Adjust />, document.body);
};

function Adjust() {
  const path = `/customers/${selected()}`;
  const {talk, parts} = useMemo(() => {
    const talk = talkInAdmin(path);
    return {talk, parts: createParts(talk)};
  }, [path]);
  const acting = useActing({talk, parts});
  const form = {give: useSignal(true), points: useSignal(''), reason: useSignal(''), tried: useSignal(false)};
  const part = parts.part(path);
  const view = /** @type {import('../../shared/api').StaffView | null} */ (part.value.answer);
  const open = view !== null && view.member !== null && view.may_adjust;
  const done = acting.outcome.value?.tone === 'success';

  async function save() {
    form.tried.value = true;
    if (!view || wrongPoints(form.points.value, view.most) || !form.reason.value.trim()) return;
    const points = Number(form.points.value) * (form.give.value ? 1 : -1);
    await acting.act('adjust', `${path}/adjust`, {points, reason: form.reason.value.trim()}, [path]);
  }

  return (
    <s-admin-action heading={t('adjust.heading')} loading={part.value.state === 'asking'}>
      <Told part={part} again={() => parts.again(path)}>
        {(/** @type {import('../../shared/api').StaffView} */ shown) => done
          ? <s-banner tone="success" heading={acting.outcome.value?.text} />
          : <Form view={shown} form={form} acting={acting} />}
      </Told>
      {open && !done && (
        <s-button slot="primary-action" variant="primary" loading={acting.busy.value === 'adjust'} onClick={() => void save()}>{t('adjust.save')}</s-button>
      )}
      <s-button slot="secondary-actions" onClick={() => shopify.close()}>{t(done ? 'adjust.close' : 'adjust.cancel')}</s-button>
    </s-admin-action>
  );
}

/** Why as many points cannot be given; empty where they can. @param {string} text @param {number | null} most */
export function wrongPoints(text, most) {
  const points = Number(text);
  if (!text.trim() || !Number.isInteger(points) || points < 1) return t('adjust.whole');
  return most !== null && points > most ? t('adjust.most', {most: shopify.i18n.formatNumber(most)}) : '';
}

/**
 * @param {{view: import('../../shared/api').StaffView, acting: import('../../shared/surface/acting.js').Acting,
 *     form: Record<'points' | 'reason', import('@preact/signals').Signal<string>>
 *         & Record<'give' | 'tried', import('@preact/signals').Signal<boolean>>}} shown
 */
function Form({view, form, acting}) {
  if (!view.member) return <s-text>{t('adjust.no_member')}</s-text>;
  if (!view.may_adjust) return <s-text>{t('adjust.not_allowed')}</s-text>;
  const {give, points, reason, tried} = form;
  const outcome = acting.outcome.value;
  const wrong = tried.value ? wrongPoints(points.value, view.most) : '';
  return (
    <s-stack gap="base">
      {outcome?.text && <s-banner tone={outcome.tone} heading={outcome.text} />}
      <s-text>{t('adjust.has', {name: view.name, points: view.member.available.text})}</s-text>
      <s-choice-list label={t('adjust.what')} values={[give.value ? 'give' : 'take']} onChange={(event) => (give.value = fieldOf(event).values?.[0] !== 'take')}>
        <s-choice value="give">{t('adjust.give')}</s-choice>
        <s-choice value="take">{t('adjust.take')}</s-choice>
      </s-choice-list>
      <s-number-field
        label={t('adjust.points')}
        min={1}
        max={view.most ?? undefined}
        value={points.value}
        error={wrong || outcome?.fields.points}
        onInput={(event) => (points.value = fieldOf(event).value ?? '')}
      />
      <s-text-field
        label={t('adjust.reason')}
        details={t('adjust.reason_note')}
        maxLength={LONGEST_REASON}
        value={reason.value}
        error={tried.value && !reason.value.trim() ? t('adjust.reason_missing') : outcome?.fields.reason}
        onInput={(event) => (reason.value = fieldOf(event).value ?? '')}
      />
    </s-stack>
  );
}

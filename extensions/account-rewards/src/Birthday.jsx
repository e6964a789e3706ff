// The member's birthday, without its year.
import {useSignal} from '@preact/signals';
import {CHANGED_BY_EARNING} from './waiting.js';
import {fieldOf} from '../../shared/surface/field.js';
import {t} from '../../shared/surface/words.js';

const MONTHS = Array.from({length: 12}, (_, place) => place + 1);
const MOST_DAYS = 31;

/** @param {{member: import('../../shared/api').MemberNow, acting: import('../../shared/surface/acting.js').Acting}} shown */
export function Birthday({member, acting}) {
  return (
    <s-section heading={t('birthday.title')}>
      <s-stack gap="base">
        {member.birthday?.text && <s-text>{member.birthday.text}</s-text>}
        {member.birthday_open ? <BirthdayForm member={member} acting={acting} /> : <s-text color="subdued">{t('birthday.closed')}</s-text>}
      </s-stack>
    </s-section>
  );
}

/** @param {{member: import('../../shared/api').MemberNow, acting: import('../../shared/surface/acting.js').Acting}} form */
function BirthdayForm({member, acting}) {
  const month = useSignal(String(member.birthday?.month ?? ''));
  const day = useSignal(String(member.birthday?.day ?? ''));
  const missing = useSignal(false);

  function save() {
    const birthday = {month: Number(month.value), day: Number(day.value)};
    missing.value = !birthday.month || !Number.isInteger(birthday.day) || birthday.day < 1 || birthday.day > MOST_DAYS;
    if (!missing.value) void acting.act('birthday', '/profile', {birthday}, CHANGED_BY_EARNING);
  }

  return (
    <s-form onSubmit={save}>
      <s-stack gap="base">
        <s-grid gridTemplateColumns="1fr 1fr" gap="base">
          <s-select
            label={t('birthday.month')}
            placeholder={t('birthday.choose')}
            value={month.value}
            onChange={(event) => (month.value = fieldOf(event).value ?? '')}
          >
            {MONTHS.map((number) => <s-option key={number} value={String(number)}>{nameOf(number)}</s-option>)}
          </s-select>
          <s-number-field
            label={t('birthday.day')}
            min={1}
            max={MOST_DAYS}
            value={day.value}
            error={missing.value ? t('birthday.missing') : undefined}
            onInput={(event) => (day.value = fieldOf(event).value ?? '')}
          />
        </s-grid>
        <s-text color="subdued">{t('birthday.note')}</s-text>
        <s-button type="submit" variant="secondary" loading={acting.busy.value === 'birthday'}>{t('birthday.save')}</s-button>
      </s-stack>
    </s-form>
  );
}

/** The month as the reader calls it. @param {number} month */
const nameOf = (month) => shopify.i18n.formatDate(new Date(Date.UTC(2000, month - 1, 1)), {month: 'long', timeZone: 'UTC'});

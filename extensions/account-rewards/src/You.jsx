// What the member tells of themselves, what they want to get, and how to leave.
import {Birthday} from './Birthday.jsx';
import {Said} from '../../shared/account/Said.jsx';
import {useActing} from '../../shared/surface/acting.js';
import {fieldOf} from '../../shared/surface/field.js';
import {t} from '../../shared/surface/words.js';

/** @param {import('./Tabs.jsx').Inside} inside */
export function You(inside) {
  const {member, talk, parts} = inside;
  const acting = useActing({talk, parts});
  return (
    <s-stack gap="large">
      <Said acting={acting} />
      {(member.birthday_asked || member.birthday) && <Birthday member={member} acting={acting} />}
      <Emails {...inside} />
      <Leave {...inside} />
    </s-stack>
  );
}

/** @param {import('./Tabs.jsx').Inside} inside */
function Emails({member, talk, parts}) {
  const acting = useActing({talk, parts});
  return (
    <s-section heading={t('emails.title')}>
      <s-stack gap="base">
        <Said acting={acting} />
        <s-switch
          label={t('emails.want')}
          checked={member.emails}
          disabled={acting.busy.value !== ''}
          onChange={(event) => void acting.act('emails', '/profile', {emails: fieldOf(event).checked === true}, ['/me'])}
        />
        <s-text color="subdued">{t('emails.note')}</s-text>
      </s-stack>
    </s-section>
  );
}

/** @param {import('./Tabs.jsx').Inside} inside */
function Leave({member, talk, parts}) {
  const acting = useActing({talk, parts});
  return (
    <s-section heading={t('leave.title')}>
      <s-stack gap="base">
        <Said acting={acting} />
        <s-text color="subdued">{t('leave.joined', {day: member.joined.text})}</s-text>
        <s-button variant="secondary" tone="critical" command="--show" commandFor="leave" loading={acting.busy.value === 'leave'}>
          {t('leave.button')}
        </s-button>
        <s-modal id="leave" heading={t('leave.ask')}>
          <s-unordered-list>
            {['orders', 'mails', 'points', 'codes'].map((what) => <s-list-item key={what}>{t(`leave.${what}`)}</s-list-item>)}
          </s-unordered-list>
          <s-paragraph>{t('leave.confirm')}</s-paragraph>
          <s-button
            slot="primary-action"
            variant="primary"
            command="--hide"
            commandFor="leave"
            onClick={() => void acting.act('leave', '/leave', {}, ['/me'])}
          >
            {t('leave.yes')}
          </s-button>
          <s-button slot="secondary-actions" variant="secondary" command="--hide" commandFor="leave">{t('leave.no')}</s-button>
        </s-modal>
      </s-stack>
    </s-section>
  );
}

// Find a member by what they say of themselves, or by what the till scans; who is chosen goes on the sale.
import {useSignal} from '@preact/signals';
import {useEffect} from 'preact/hooks';
import {fieldOf} from '../../shared/surface/field.js';
import {useLoaded} from '../../shared/loading.js';
import {wait} from '../../shared/polling.js';
import {t} from '../../shared/surface/words.js';
import {Trouble} from './Trouble.jsx';
import {talkAtTill} from './staff.js';

const LEAST_LETTERS = 2;
/** How long somebody may pause between letters, in milliseconds. */
const PAUSE = 300;

export function Find() {
  const wanted = useSignal('');
  const scanned = shopify.scanner.scannerData.current.value.data;
  useEffect(() => {
    if (scanned) wanted.value = scanned.trim();
  }, [scanned]);
  const long = wanted.value.trim().length >= LEAST_LETTERS;
  const found = useLoaded(async (signal) => {
    if (!long) return null;
    await wait(PAUSE, signal);
    return talkAtTill().get(`/members?search=${encodeURIComponent(wanted.value.trim())}`, signal);
  }, [wanted.value]);

  return (
    <s-section>
      <s-stack gap="base">
        <s-text>{t('find.about')}</s-text>
        <s-search-field placeholder={t('find.placeholder')} value={wanted.value} onInput={(event) => (wanted.value = fieldOf(event).value ?? '')} />
        {shopify.scanner.sources.current.value.includes('camera') && (
          <s-button onClick={() => shopify.scanner.showCameraScanner()}>{t('find.scan')}</s-button>
        )}
        {found.error ? <Trouble error={found.error} again={found.again} />
          : found.loading && long ? <s-spinner accessibilityLabel={t('block.asking')} />
          : long && found.answer && <Found found={found.answer} />}
      </s-stack>
    </s-section>
  );
}

/** @param {{found: import('../../shared/api').MembersFound}} shown */
function Found({found: {members, more}}) {
  if (members.length === 0) return <s-text>{t('find.nobody')}</s-text>;
  return (
    <s-stack gap="base">
      {members.map((member, place) => <Choice key={member.customer_id ?? place} member={member} />)}
      {more && <s-text>{t('find.more')}</s-text>}
    </s-stack>
  );
}

/** @param {{member: import('../../shared/api').MemberFound}} shown */
function Choice({member}) {
  const {customer_id: id} = member;
  return (
    <s-stack gap="small-200">
      <s-text type="strong">{member.name || member.email}</s-text>
      <s-text>{[member.email, member.available.text, member.tier].filter(Boolean).join(' · ')}</s-text>
      {id === null ? <s-text>{t('find.no_account')}</s-text> : (
        <s-button onClick={() => void shopify.cart.setCustomer({id})}>{t('find.choose', {name: member.name || member.email})}</s-button>
      )}
    </s-stack>
  );
}

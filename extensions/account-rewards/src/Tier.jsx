// The member's tier: what it brings, what reaches the next one, and what keeps this one.
import {Meter} from '../../shared/account/Meter.jsx';
import {t} from '../../shared/surface/words.js';

/** @param {{tier: import('../../shared/api').TierNow}} shown */
export function Tier({tier}) {
  return (
    <s-section heading={t('tier.title')}>
      <s-stack gap="base">
        {tier.name ? <s-heading>{tier.name}</s-heading> : <s-text>{t('tier.none')}</s-text>}
        {tier.news.map((news) => <s-text key={news} color="subdued">{news}</s-text>)}
        {tier.benefits.length > 0 && (
          <s-unordered-list>
            {tier.benefits.map((benefit) => <s-list-item key={benefit}>{benefit}</s-list-item>)}
          </s-unordered-list>
        )}
        {tier.keep && <Meter aim={tier.keep} label={t('tier.keep', {name: tier.keep.name})} />}
        {tier.reach && <Meter aim={tier.reach} label={t('tier.reach', {name: tier.reach.name})} />}
      </s-stack>
    </s-section>
  );
}

// The shop's questions about the member, answered where they are read.
import {useSignal} from '@preact/signals';
import {CHANGED_BY_EARNING} from './waiting.js';
import {fieldOf} from '../../shared/surface/field.js';
import {t} from '../../shared/surface/words.js';

const LONGEST_ANSWER = 200;

/** @param {{activity: import('../../shared/api').Activity, acting: import('../../shared/surface/acting.js').Acting}} asked */
export function Questions({activity: {id, name, questions = []}, acting}) {
  const said = useSignal(questions.map(({answer}) => answer));
  const missing = useSignal(false);

  function save() {
    const answers = questions.map(({question}, place) => ({question, answer: (said.value[place] ?? '').trim()})).filter(({answer}) => answer);
    missing.value = answers.length < questions.length;
    if (answers.length > 0) void acting.act(id, '/profile', {answers}, CHANGED_BY_EARNING);
  }

  return (
    <s-form onSubmit={save}>
      <s-stack gap="base">
        {questions.map(({question}, place) => (
          <s-text-field
            key={question}
            label={question}
            maxLength={LONGEST_ANSWER}
            value={said.value[place]}
            error={missing.value && !said.value[place]?.trim() ? t('earn.unanswered') : undefined}
            onInput={(event) => (said.value = said.value.map((before, at) => (at === place ? fieldOf(event).value ?? '' : before)))}
          />
        ))}
        <s-text color="subdued">{t('earn.who_sees')}</s-text>
        <s-button type="submit" variant="secondary" loading={acting.busy.value === id} accessibilityLabel={t('earn.save_named', {name})}>
          {t('earn.save')}
        </s-button>
      </s-stack>
    </s-form>
  );
}

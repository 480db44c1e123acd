// What a browser or a password manager makes of the fields of a page (WCAG 1.3.5, 3.3.8; HTML, "Autofill").

import type { Page } from '@playwright/test';

/** The autofill tokens of each field, by its name; `off` where HTML has none for what it asks. */
const TOKENS: Record<string, string[]> = {
  name: ['name', 'organization'],
  username: ['username'],
  email: ['email', 'username'],
  phone: ['tel-national'],
  identifier: ['username'],
  password: ['current-password', 'new-password'],
  new_password: ['new-password'],
  password_confirmation: ['new-password'],
  current_password: ['current-password'],
  code: ['one-time-code'],
  step_code: ['one-time-code'],
  birth_date: ['bday'],
  state: ['address-level1'],
  city: ['address-level2'],
  institution: ['organization'],
  document: ['off'],
  cpf: ['off'],
  cnpj: ['off'],
  social_name: ['off'],
  field_of_work: ['off'],
};

/** What names the account whose password a form sets: a user name, or the phone of who signs up by it, which a field has no second token for. */
const NAMES = ':is([autocomplete=username], [autocomplete=tel-national])';

/** Returns what is wrong with the fields of the page, a sentence each. */
export function unhelpful(page: Page): Promise<string[]> {
  return page.evaluate(({ tokens, names }) => {
    const wrong: string[] = [];
    const kinds = 'input:is([type=text], [type=email], [type=tel], [type=password], [type=date], [type=search], [type=number]), select, textarea';
    for (const form of document.querySelectorAll('form')) {
      const name = form.querySelector<HTMLInputElement>('[name=_form]')?.value ?? form.action;
      const fields = [...form.querySelectorAll<HTMLInputElement>(kinds)];
      for (const field of fields.filter((it) => !it.matches('[aria-hidden]'))) {
        const token = field.getAttribute('autocomplete') ?? 'none';
        const wanted = tokens[field.name];
        if (!wanted) wrong.push(`${name}: nothing is known of the field “${field.name}”`);
        else if (!wanted.includes(token)) wrong.push(`${name}: “${field.name}” has the token ${token}, not ${wanted.join(' or ')}`);
        if (field.readOnly || field.disabled) wrong.push(`${name}: “${field.name}” takes nothing`);
        const pasted = new ClipboardEvent('paste', { bubbles: true, cancelable: true });
        if (!field.dispatchEvent(pasted)) wrong.push(`${name}: “${field.name}” refuses what is pasted`);
      }
      if (fields.length === 0) continue;
      // Enter in a field presses the first of them.
      const sends = [...form.elements].find((it) => it.matches('[type=submit]'));
      if (!sends || !form.contains(sends)) wrong.push(`${name}: Enter does not send it by a button of its own`);
      // One in force it finds by the site, where a page must not tell more of an account.
      if (form.querySelector('[autocomplete=new-password]') && !form.querySelector(names)) {
        wrong.push(`${name}: a manager is not told whose password it is`);
      }
    }
    return wrong;
  }, { tokens: TOKENS, names: NAMES });
}

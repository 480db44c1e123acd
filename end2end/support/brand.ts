// Whose product the specs look at: ours, or with PORTARIA_BRAND=aurora that of `examples/brand`. What pages call it and its kinds stands
// here alone.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

interface Kind {
  /** On the card that chooses it, and in what is said of an account. */
  name: string;
  /** The heading of its form. */
  title: string;
}

interface Words {
  name: string;
  /** In SMS. */
  sms: string;
  client: Kind & { titleInEnglish: string };
  teacher: Kind & { titleInEnglish: string };
  company: Kind;
  rider: Kind;
  /** A heading of its terms of service, and their version. */
  terms: { heading: string; version: string };
}

const OURS: Words = {
  name: 'Portaria',
  sms: 'Portaria',
  client: { name: 'Cliente', title: 'Criar conta de cliente', titleInEnglish: 'Create a client account' },
  teacher: { name: 'Professor', title: 'Registrar como Professor', titleInEnglish: 'Register as a Teacher' },
  company: { name: 'Empresa', title: 'Criar conta de empresa' },
  rider: { name: 'Caronista', title: 'Criar conta de caronista' },
  terms: { heading: 'Seus direitos', version: '2026-12' },
};

const AURORA: Words = {
  ...OURS,
  name: 'Colégio Aurora',
  sms: 'Colegio Aurora',
  client: { name: 'Responsável', title: 'Criar conta de Responsável', titleInEnglish: 'Create account: Parent' },
  teacher: { name: 'Docente', title: 'Criar conta de Docente', titleInEnglish: 'Create account: Member of staff' },
  terms: { heading: 'Seus dados', version: 'aurora-1' },
};

const isAurora = process.env.PORTARIA_BRAND === 'aurora';

export const isOurs = !isAurora;

export const brand = isAurora ? AURORA : OURS;

/** The folder of the brand's settings file; none for ours. */
export const BRAND_FOLDER = isAurora ? resolve(__dirname, '../../examples/brand') : undefined;

/** What an operator of ours tells people, as every production has to. */
const OUR_OPERATOR = `
[brand]
help = "ajuda@portaria.example"
controller = "Portaria Serviços Digitais Ltda., CNPJ 12.ABC.345/01DE-35, Rua das Acácias 10, São Paulo, SP"
officer = "Helena Prado"
officer_contact = "privacidade@portaria.example"
product = "https://app.portaria.example/"
`;

/** The settings file of a server: that of the brand, then what a spec adds. */
export function settingsFile(added: string): string {
  const own = BRAND_FOLDER ? readFileSync(resolve(BRAND_FOLDER, 'portaria.toml'), 'utf8') : OUR_OPERATOR;
  return [own, added].filter(Boolean).join('\n');
}

/** The title of the document on the page with this title. */
export function titled(page: string): string {
  return `${page} · ${brand.name}`;
}

// The pages between a product and a person.

import { PASSWORD } from '../people';
import { Product, sentOn } from '../product';
import { clientByApi, comeIn, companyByApi } from '../steps';
import type { Scene, Stage } from './stage';

async function isIn({ visit, request }: Stage): Promise<void> {
  await comeIn(visit, (await clientByApi(request, visit.outbox)).email, PASSWORD);
}

/** All that a product may ask for. */
const ALL = { scope: 'openid profile email phone cpf cnpj offline_access' };

export const PRODUCT: Scene[] = [
  [
    'product-consent',
    async (stage) => {
      await isIn(stage);
      await sentOn(stage.visit, await Product.called('loja'), ALL);
      await stage.visit.sees('Entrar em Loja do Zé?');
    },
  ],
  [
    'product-consent-of-a-company',
    async (stage) => {
      await comeIn(stage.visit, (await companyByApi(stage.request, stage.visit.outbox)).email, PASSWORD);
      await sentOn(stage.visit, await Product.called('biblioteca'), ALL);
      await stage.visit.sees('Entrar em Biblioteca Municipal?');
    },
  ],
  [
    'product-of-another-kind',
    async (stage) => {
      await isIn(stage);
      stage.guard.expect(403);
      await sentOn(stage.visit, await Product.called('caronas'));
      await stage.visit.sees('Caronas é para outro tipo de conta');
    },
  ],
  [
    'product-wrong',
    async ({ visit, guard }) => {
      guard.expect(400);
      await sentOn(visit, await Product.called('loja'), { client_id: 'nobody' });
      await visit.sees('Não dá para continuar daqui');
    },
  ],
  [
    'product-sign-out',
    async (stage) => {
      await isIn(stage);
      const bye = 'http://127.0.0.1/bye';
      await stage.visit.page.goto(`/oauth/logout?${new URLSearchParams({ client_id: 'escola', post_logout_redirect_uri: bye }).toString()}`);
      await stage.visit.sees('Sair da sua conta?');
    },
  ],
  [
    'products',
    async (stage) => {
      const { visit } = stage;
      await isIn(stage);
      for (const id of ['biblioteca', 'loja'] as const) {
        const product = await Product.called(id);
        await sentOn(visit, product, { scope: 'openid profile email phone cpf' });
        await visit.press('Permitir e continuar');
        await product.isEnteredBy(visit);
      }
      await visit.page.goto('/profile/products');
      await visit.reads('Retirar acesso de Loja do Zé');
    },
  ],
  [
    'products-none',
    async (stage) => {
      await isIn(stage);
      await stage.visit.page.goto('/profile/products');
      await stage.visit.reads('Nenhum serviço de terceiros tem acesso à sua conta.');
    },
  ],
];

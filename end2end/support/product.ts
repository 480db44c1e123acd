// Products that sign people in by us, as an operator sets them up, and the page to which people come back.

import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { expect } from '@playwright/test';
import type { Visit } from './test';

/** The settings of these products. The port of their own machine is free. */
export const PRODUCTS = `
[[clients]]
id = "escola"
name = "Escola Aurora"
redirect_uris = ["http://127.0.0.1/callback"]
post_logout_redirect_uris = ["http://127.0.0.1/bye"]
scopes = ["openid", "profile", "email", "phone"]
trusted = true

[[clients]]
id = "loja"
name = "Loja do Zé"
logo = "${resolve(__dirname, 'shop.svg')}"
redirect_uris = ["http://127.0.0.1/callback"]
scopes = ["openid", "profile", "email", "phone", "cpf", "cnpj", "offline_access"]

[[clients]]
id = "biblioteca"
name = "Biblioteca Municipal"
redirect_uris = ["http://127.0.0.1/callback"]
scopes = ["openid", "profile", "email", "phone", "cpf", "cnpj", "offline_access"]

[[clients]]
id = "caronas"
name = "Caronas"
redirect_uris = ["http://127.0.0.1/callback"]
scopes = ["openid", "profile", "phone"]
trusted = true
kinds = ["caronista"]
`;

export type ClientId = 'escola' | 'loja' | 'biblioteca' | 'caronas';

const PAGE = '<!doctype html><html lang="pt-BR"><title>Produto</title><link rel="icon" href="data:,"><h1>De volta</h1>';

/** Where all of them are. It stays open as long as the worker. */
let opened: Promise<string> | undefined;

async function open(): Promise<string> {
  const server = createServer((_, response) => response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(PAGE));
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A product that sends one person to us. */
export class Product {
  private readonly verifier = randomBytes(32).toString('base64url');
  private readonly state = randomBytes(9).toString('base64url');

  private constructor(
    private readonly id: ClientId,
    /** Its own address. */
    readonly url: string,
  ) {}

  static async called(id: ClientId): Promise<Product> {
    return new Product(id, await (opened ??= open()));
  }

  /** Where it sends the person. */
  address(more: Record<string, string> = {}): string {
    const parameters = {
      client_id: this.id,
      redirect_uri: `${this.url}/callback`,
      response_type: 'code',
      scope: 'openid profile phone',
      state: this.state,
      code_challenge: createHash('sha256').update(this.verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...more,
    };
    return `/oauth/authorize?${new URLSearchParams(parameters).toString()}`;
  }

  /** Expects that the person is back in the product. Returns what the product is told of them. */
  async isEnteredBy(visit: Visit): Promise<Record<string, unknown>> {
    await visit.page.waitForURL(`${this.url}/callback?*`);
    await visit.sees('De volta');
    const answer = new URL(visit.page.url()).searchParams;
    const provider = answer.get('iss') ?? '';
    expect(answer.get('state')).toBe(this.state);
    const form = { grant_type: 'authorization_code', client_id: this.id, code: answer.get('code') ?? '', code_verifier: this.verifier };
    const body = new URLSearchParams({ ...form, redirect_uri: `${this.url}/callback` });
    const exchanged = await fetch(`${provider}/oauth/token`, { method: 'POST', body });
    const tokens = (await exchanged.json()) as { access_token: string };
    expect(exchanged.status, JSON.stringify(tokens)).toBe(200);
    const who = await fetch(`${provider}/oauth/userinfo`, { headers: { Authorization: `Bearer ${tokens.access_token}` } });
    return (await who.json()) as Record<string, unknown>;
  }
}

/** Sends a person from a product to us. What comes first is one of our own pages. */
export async function sent(visit: Visit, product: Product, more: Record<string, string> = {}): Promise<void> {
  await visit.open(product.address(more));
}

/** The same, where one of the pages comes first that run no script. */
export async function sentOn(visit: Visit, product: Product, more: Record<string, string> = {}): Promise<void> {
  await visit.goTo(product.address(more));
}

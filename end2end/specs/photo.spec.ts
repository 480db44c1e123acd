// What a page that lives adds to the third step: a photo in its square, an upload that can be called back.

import { writeFileSync } from 'node:fs';
import type { Locator } from '@playwright/test';
import { heavyPicture, picture } from '../support/pictures';
import { fillProfile, profile, rideTo } from '../support/steps';
import { expect, test } from '../support/test';

test('the photo is shown, framed by keyboard and by hand, and what was seen is kept', { tag: '@firefox' }, async ({ visit, page }) => {
  await rideTo(visit);
  await visit.field('Foto').setInputFiles(picture(900, 600, [220, 20, 20], [20, 20, 220]));
  const preview = page.getByRole('img', { name: 'Prévia da sua foto' });
  await expect(preview).toBeVisible();
  const [zoom, across] = [visit.field('Aproximação'), visit.field('Posição horizontal')];
  await zoom.focus();
  for (let n = 0; n < 5; n++) await page.keyboard.press('PageUp');
  expect(Number(await zoom.inputValue())).toBeGreaterThan(150);
  await across.focus();
  await page.keyboard.press('End');
  await expect(across).toHaveValue('1000');
  // By hand: to the right drags the left-hand side in.
  const box = await preview.boundingBox();
  const window = page.locator('.crop-window');
  await expect(window).toBeVisible();
  const frame = await window.boundingBox();
  if (!box || !frame) throw new Error('no box');
  const [x, y] = [frame.x + frame.width / 2, frame.y + frame.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 60, y, { steps: 6 });
  await page.mouse.up();
  expect(Number(await across.inputValue())).toBeLessThan(1000);
  await across.focus();
  await page.keyboard.press('Home');
  await expect(across).toHaveValue('0');
  await fillProfile(visit, profile());
  await visit.press('Concluir cadastro');
  await visit.sees('Olá, Rian');
  // Only the left half is left.
  const photo = visit.main.getByRole('img');
  await expect(photo).toBeVisible();
  const seen = await photo.evaluate(async (it: HTMLImageElement) => {
    await it.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [it.naturalWidth, it.naturalHeight];
    const context = canvas.getContext('2d');
    context?.drawImage(it, 0, 0);
    const pixel = context?.getImageData(it.naturalWidth - 3, 10, 1, 1).data ?? [];
    return { square: it.naturalWidth === it.naturalHeight, red: (pixel[0] ?? 0) > 150 };
  });
  expect(seen).toEqual({ square: true, red: true });
});

test('by keyboard alone, sent from within a field', async ({ visit, page }) => {
  await rideTo(visit);
  const mine = profile();
  await visit.field('Foto').focus();
  const fields: [field: Locator, typed: string][] = [
    [visit.field('Telefone'), mine.phone],
    [visit.field('Data de nascimento'), '01152000'],
    [visit.field('Masculino'), ' '],
    [visit.field('CPF'), mine.cpf.replace(/\D/g, '')],
    [visit.main.getByLabel('Estado'), 'Acre'],
    [visit.field('Cidade'), 'Xapuri'],
  ];
  for (const [field, typed] of fields) {
    // A date is several stops, and its calendar one more.
    for (let n = 0; n < 5 && !(await field.evaluate((it) => it === document.activeElement)); n++) await page.keyboard.press('Tab');
    await expect(field).toBeFocused();
    await page.keyboard.type(typed);
  }
  await expect(visit.field('Masculino')).toBeChecked();
  await expect(visit.main.getByLabel('Estado')).toHaveValue('AC');
  await visit.field('CPF').press('Enter');
  await visit.sees('Olá, Rian');
});

test('a photo can be taken back, and another chosen', async ({ visit, page }) => {
  await rideTo(visit);
  await visit.field('Foto').setInputFiles(picture());
  await visit.press('Descartar a foto escolhida');
  await expect(page.locator('.crop')).toHaveCount(0);
  await expect(visit.field('Foto')).toBeFocused();
  await expect(visit.field('Foto')).toHaveValue('');
  await visit.field('Foto').setInputFiles({ name: 'eu.png', mimeType: 'image/png', buffer: Buffer.from('nada') });
  await visit.isToldAtField('Foto', /Não conseguimos abrir a foto/);
  await visit.field('Foto').setInputFiles(picture());
  await expect(visit.field('Foto')).not.toHaveAttribute('aria-invalid');
});

test('a photo can be dropped anywhere on its frame', async ({ visit, page, context }, info) => {
  await rideTo(visit);
  await expect(page.getByText('ou arraste')).toBeVisible();
  const path = info.outputPath('eu.png');
  writeFileSync(path, picture().buffer);
  const frame = page.locator('.file');
  await frame.scrollIntoViewIfNeeded();
  const box = await frame.boundingBox();
  if (!box) throw new Error('no box');
  // At its corner, away from the button and the words. The browser takes a file from a person's hand alone.
  const [x, y] = [box.x + box.width - 6, box.y + box.height - 6];
  const hand = await context.newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await hand.send('Input.dispatchDragEvent', { type, x, y, data: { items: [], files: [path], dragOperationsMask: 1 } });
  }
  await expect(page.getByRole('img', { name: 'Prévia da sua foto' })).toBeVisible();
  await expect(visit.field('Foto')).toHaveValue(/eu\.png$/);
  await fillProfile(visit, profile());
  await visit.press('Concluir cadastro');
  await visit.sees('Olá, Rian');
  await expect(visit.main.getByRole('img')).toBeVisible();
});

test('a photo is what it is, whatever its name says and its browser thinks', async ({ visit, page }) => {
  await rideTo(visit);
  await fillProfile(visit, profile());
  for (const [name, mimeType] of [
    ['foto', ''],
    ['foto.jpg_large', ''],
    ['foto.txt', 'text/plain'],
  ] as const) {
    await visit.field('Foto').setInputFiles({ ...picture(), name, mimeType });
    await expect(visit.field('Foto')).not.toHaveAttribute('aria-invalid');
  }
  await visit.press('Concluir cadastro');
  await visit.sees('Olá, Rian');
  await expect(visit.main.getByRole('img')).toBeVisible();
  await expect(page.getByText('Não conseguimos abrir a foto')).toHaveCount(0);
});

test('a JPEG is taken from the disk, whatever the browser makes of its name', { tag: '@firefox' }, async ({ visit, page }, info) => {
  await rideTo(visit);
  await fillProfile(visit, profile());
  const jpeg = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 400, height: 300 });
    return canvas.toDataURL('image/jpeg').split(',')[1] ?? '';
  });
  for (const name of ['foto', 'foto.jpg_large', 'foto.jfif']) {
    const path = info.outputPath(name);
    writeFileSync(path, Buffer.from(jpeg, 'base64'));
    await visit.field('Foto').setInputFiles(path);
    await expect(page.getByRole('img', { name: 'Prévia da sua foto' })).toBeVisible();
    await expect(visit.field('Foto')).not.toHaveAttribute('aria-invalid');
    await visit.press('Descartar a foto escolhida');
  }
  await visit.field('Foto').setInputFiles(info.outputPath('foto'));
  await visit.press('Concluir cadastro');
  await visit.sees('Olá, Rian');
  await expect(visit.main.getByRole('img')).toBeVisible();
});

test('an upload tells how far it is, can be called back, and loses nothing', async ({ visit, page, context }) => {
  await rideTo(visit);
  await fillProfile(visit, profile());
  await visit.field('Foto').setInputFiles(heavyPicture(4_000_000));
  await expect(page.getByRole('img', { name: 'Prévia da sua foto' })).toBeVisible();
  const network = await context.newCDPSession(page);
  const speed = (uploadThroughput: number) =>
    network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput });
  await network.send('Network.enable');
  await speed(400_000);
  await visit.press('Concluir cadastro');
  const bar = page.getByRole('progressbar');
  await expect(bar).toBeVisible();
  await expect.poll(async () => Number(await bar.getAttribute('value'))).toBeGreaterThan(5);
  expect(Number(await bar.getAttribute('value'))).toBeLessThan(100);
  await page.getByRole('button', { name: 'Cancelar o envio' }).click();
  await visit.reads('Envio cancelado. O que você preencheu continua aqui.');
  await expect(bar).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Concluir cadastro' })).toBeFocused();
  await expect(visit.field('Cidade')).toHaveValue('São Paulo');
  await expect(page.getByRole('img', { name: 'Prévia da sua foto' })).toBeVisible();
  await speed(-1);
  await visit.press('Concluir cadastro');
  await visit.sees('Olá, Rian');
});

test('without a network it is said, and nothing is lost', async ({ visit, guard, context }) => {
  await rideTo(visit);
  await fillProfile(visit, profile());
  await visit.field('Foto').setInputFiles(picture());
  guard.expectOffline();
  await context.setOffline(true);
  await visit.press('Concluir cadastro');
  await visit.isTold('Não conseguimos falar com o servidor');
  await context.setOffline(false);
  await visit.press('Concluir cadastro');
  await visit.sees('Olá, Rian');
});

test('whoever signed out in another tab is sent to sign in', async ({ visit, context, page }) => {
  await rideTo(visit);
  await fillProfile(visit, profile());
  await context.clearCookies();
  await visit.press('Concluir cadastro');
  await visit.reads('Sua sessão terminou');
  await expect(page).toHaveURL(/\/login/);
});

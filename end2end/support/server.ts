// Starts the real program as an operator would: in a folder of its own, on a free port, without our environment.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { BRAND_FOLDER, settingsFile } from './brand';
import { until } from './until';

const BINARY = resolve(process.env.PORTARIA_BIN ?? join(__dirname, '../../target/release/portaria'));

/** The logs of the servers, one file per port. */
export const LOGS = resolve(__dirname, '../test-results/logs');

/** Settings, named as in the environment. */
export type Settings = Record<string, string>;

/** Where the servers' folders are: in memory where there is room, because their databases wait for the disk at every change. */
function parent(): string {
  const [memory, room] = ['/dev/shm', 3 * 2 ** 30];
  if (!existsSync(memory)) return tmpdir();
  // A Postgres that has to be downloaded runs from there.
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
  if (mounts.some((mount) => mount.includes(` ${memory} `) && mount.includes('noexec'))) return tmpdir();
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize >= room ? memory : tmpdir();
}

export async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, 'close');
  return port;
}

export class Portaria {
  private process?: ChildProcess;

  private constructor(
    /** Without a trailing slash. */
    readonly url: string,
    readonly folder: string,
    private readonly settings: Settings,
  ) {}

  /** Starts a server with a database of its own. `file` is its settings file, besides that of the brand. */
  static async start(settings: Settings = {}, file = ''): Promise<Portaria> {
    if (!existsSync(BINARY)) throw new Error(`${BINARY} is not there: build it (make build), or name another by PORTARIA_BIN`);
    const folder = mkdtempSync(join(parent(), 'portaria-end2end-'));
    // A server that root starts runs its Postgres as another user, who must be able to enter this folder.
    chmodSync(folder, 0o755);
    if (BRAND_FOLDER) cpSync(BRAND_FOLDER, folder, { recursive: true });
    const settingsText = settingsFile(file);
    if (settingsText) writeFileSync(join(folder, 'portaria.toml'), settingsText);
    const server = new Portaria(`http://127.0.0.1:${await freePort()}`, folder, settings);
    try {
      await server.again();
    } catch (error) {
      await server.discard();
      throw error;
    }
    return server;
  }

  /** A server that another process started, for its commands. */
  static beside(url: string, folder: string): Portaria {
    return new Portaria(url, folder, {});
  }

  /** Starts the same server again, with its data. */
  async again(): Promise<void> {
    mkdirSync(LOGS, { recursive: true });
    const log = openSync(this.logFile, 'a');
    const child = spawn(BINARY, ['serve'], {
      cwd: this.folder,
      stdio: ['ignore', log, log],
      env: this.environment,
    });
    this.process = child;
    await until('the server is ready', 60_000, async () => {
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${this.log()}`);
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      return answer?.ok;
    });
  }

  /** Runs a command beside the server, as an operator would. Returns what it prints. */
  async command(...words: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(BINARY, words, { cwd: this.folder, env: this.environment });
    return stdout;
  }

  /** Kills the server, as a power cut would. */
  async kill(): Promise<void> {
    await this.signal('SIGKILL');
  }

  /** Stops the server as a service manager would. It must end by itself. */
  async stop(): Promise<void> {
    try {
      const ended = await this.signal('SIGTERM');
      if (ended !== 0) throw new Error(`after SIGTERM the server ended with ${ended}, not 0:\n${this.log()}`);
    } finally {
      await this.discard();
    }
  }

  log(): string {
    return readFileSync(this.logFile, 'utf8').split('\n').slice(-40).join('\n');
  }

  private get environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      LEPTOS_SITE_ADDR: this.url.replace('http://', ''),
      PORTARIA_DATA_DIR: join(this.folder, 'data'),
      // Each test uses its own client address (X-Forwarded-For), so that tests do not share the limits per address.
      TRUSTED_PROXIES: '127.0.0.1',
      ...this.settings,
    };
  }

  private get logFile(): string {
    return join(LOGS, `${new URL(this.url).port}.log`);
  }

  /** Returns the exit code; `null` if the signal ended the process. */
  private async signal(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const child = this.process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = once(child, 'exit');
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), 30_000);
    const [code] = (await ended) as [number | null];
    clearTimeout(late);
    return code;
  }

  private async discard(): Promise<void> {
    await this.signal('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What a person chose in this workspace the last time: a profile, and a role for each. Names alone, nothing secret. */
import type * as vscode from 'vscode';

/** The environment's credentials, which have no name. */
const ENVIRONMENT = '';
const PROFILE = 'recsys.awsProfile';
const ROLES = 'recsys.awsRoles';

export class Remembered {
  readonly #memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  /** Null: the environment's credentials; undefined: none was chosen yet. */
  get profile(): string | null | undefined {
    const name: unknown = this.#memento.get(PROFILE);
    if (typeof name !== 'string') return undefined;
    return name === ENVIRONMENT ? null : name;
  }

  async chooseProfile(name: string | undefined): Promise<void> {
    await this.#memento.update(PROFILE, name ?? ENVIRONMENT);
  }

  role(profile: string | undefined): string | undefined {
    return this.#roles()[profile ?? ENVIRONMENT];
  }

  async chooseRole(profile: string | undefined, role: string): Promise<void> {
    await this.#memento.update(ROLES, { ...this.#roles(), [profile ?? ENVIRONMENT]: role });
  }

  #roles(): Readonly<Record<string, string>> {
    const kept: unknown = this.#memento.get(ROLES);
    if (typeof kept !== 'object' || kept === null) return {};
    return Object.fromEntries(
      Object.entries(kept).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  }
}

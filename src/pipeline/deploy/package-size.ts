/** What of a model decides whether an endpoint has room for it. */
import type { ItemNames } from '../model/item-names.ts';
import type { ModelFile, PackagedMember } from '../model/model-file.ts';

/** Bytes of all files of a package, those of its members too. */
export function packageBytes({ catalogue, files, members }: ModelFile): number {
  const bytes = (all: ModelFile['files']): number =>
    Object.values(all).reduce((sum, file) => sum + file.bytes, 0);
  const ofMember = (member: PackagedMember): number =>
    member.members.reduce((sum, each) => sum + ofMember(each), bytes(member.files));
  return members.reduce((sum, each) => sum + ofMember(each), bytes(catalogue.files) + bytes(files));
}

/** Bytes of the `k` longest names together, as JSON writes them. */
export function longestNames(names: ItemNames, k: number): number {
  const lengths = new Uint32Array(names.count);
  for (let code = 0; code < names.count; code++)
    lengths[code] = Buffer.byteLength(JSON.stringify(names.name(code)));
  return lengths
    .sort()
    .slice(-k)
    .reduce((sum, length) => sum + length, 0);
}

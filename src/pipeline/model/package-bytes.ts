import type { ModelFile, PackagedMember } from './model-file.ts';

/** Bytes of all files of a package, those of its members too. */
export function packageBytes({ catalogue, files, members }: ModelFile): number {
  const bytes = (all: ModelFile['files']): number =>
    Object.values(all).reduce((sum, file) => sum + file.bytes, 0);
  const ofMember = (member: PackagedMember): number =>
    member.members.reduce((sum, each) => sum + ofMember(each), bytes(member.files));
  return members.reduce((sum, each) => sum + ofMember(each), bytes(catalogue.files) + bytes(files));
}

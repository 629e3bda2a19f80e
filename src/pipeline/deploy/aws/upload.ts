/**
 * Puts an archive, or queries, into the bucket. Parts that an earlier attempt left are not sent again, which `@aws-sdk/lib-storage`
 * cannot do; each part travels with its own SHA-256.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  type CompletedPart,
  type ListPartsCommandOutput,
} from '@aws-sdk/client-s3';
import { pieceId, type Piece, type Tags } from '../../../protocol/deployment.ts';
import type { WrittenArchive } from '../archive-writer.ts';
import type { Aws } from './aws-clients.ts';
import { isMissing } from './fault.ts';
import { makePiece, type Making } from './make-piece.ts';
import { openUploads, placeOf, type Found } from './pieces.ts';

const MIB = 1 << 20;
const LEAST_PART = 8 * MIB;
const MOST_PARTS = 10_000;
const AT_ONCE = 3;

export interface Upload {
  readonly archive: WrittenArchive;
  /** `<bucket>/<key>`. */
  readonly name: string;
  readonly needs: readonly string[];
  readonly account: string;
  readonly contentType: string;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
  /** For tests. */
  readonly partBytes?: number | undefined;
}

/** @returns whether it was there already */
export async function uploadArchive(making: Making, upload: Upload): Promise<boolean> {
  const { aws, journal, id, tags } = making;
  const { archive, name } = upload;
  const object: Piece = { kind: 'object', name, needs: [...upload.needs] };
  const there = await equalObject(aws, upload);
  if (there !== undefined) {
    await journal.append({ type: 'intent', id, piece: object, tags });
    await journal.append({ type: 'made', piece: pieceId(object), ...there });
    return true;
  }
  const partBytes =
    upload.partBytes ?? Math.max(LEAST_PART, Math.ceil(archive.bytes / MOST_PARTS / MIB) * MIB);
  if (archive.bytes <= partBytes) await makePiece(making, object, () => putWhole(aws, tags, upload));
  else await uploadParts(making, upload, object, partBytes);
  upload.onProgress(archive.bytes, archive.bytes);
  return false;
}

/** The object, where it is the archive. */
async function equalObject(
  aws: Aws,
  { name, archive, account }: Upload,
): Promise<{ handle?: string } | undefined> {
  try {
    const head = await aws.s3.send(new HeadObjectCommand({ ...placeOf(name), ExpectedBucketOwner: account }));
    const isEqual = head.ContentLength === archive.bytes && head.Metadata?.['sha256'] === archive.sha256;
    if (!isEqual) return undefined;
    return head.VersionId === undefined ? {} : { handle: head.VersionId };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const tagging = (tags: Tags): string => new URLSearchParams(tags).toString();
const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64');

/** Where the server tells no SHA-256 of a part, its ETag is the MD5 of one that is encrypted by S3's own keys. */
function isSame({ ETag, ChecksumSHA256 }: SentPart, sha256: string, bytes: Buffer): boolean {
  if (ChecksumSHA256 !== undefined) return ChecksumSHA256 === sha256;
  return ETag?.replaceAll('"', '') === createHash('md5').update(bytes).digest('hex');
}

function versionOf({ VersionId: handle }: { VersionId?: string | undefined }): Found {
  return handle === undefined ? {} : { handle };
}

async function putWhole(
  aws: Aws,
  tags: Tags,
  { archive, name, account, contentType }: Upload,
): Promise<Found> {
  const body = await fs.readFile(archive.file);
  const put = new PutObjectCommand({
    ...{ ...placeOf(name), Body: body, ChecksumSHA256: sha256Of(body), ExpectedBucketOwner: account },
    ...{ ContentType: contentType, Metadata: { sha256: archive.sha256 }, Tagging: tagging(tags) },
  });
  return versionOf(await aws.s3.send(put));
}

async function uploadParts(making: Making, upload: Upload, object: Piece, partBytes: number): Promise<void> {
  const { aws, journal } = making;
  const { account, signal } = upload;
  const piece: Piece = { kind: 'upload', name: upload.name, needs: [...upload.needs] };
  const begun = await begunUpload(making, upload, piece);
  const Parts = await sendParts(aws, upload, begun, partBytes);
  signal.throwIfAborted();
  const complete = new CompleteMultipartUploadCommand({
    ...{ ...placeOf(upload.name), UploadId: begun, MultipartUpload: { Parts }, ExpectedBucketOwner: account },
  });
  await makePiece(making, object, async () => versionOf(await aws.s3.send(complete)));
  await journal.append({ type: 'gone', piece: pieceId(piece) });
}

/** Id of the upload: that of an earlier attempt, else a new one. */
async function begunUpload(
  making: Making,
  { archive, name, account, contentType }: Upload,
  piece: Piece,
): Promise<string> {
  const { aws, journal, id, tags } = making;
  const [earlier] = await openUploads(aws, name);
  if (earlier !== undefined) {
    await journal.append({ type: 'intent', id, piece, tags });
    await journal.append({ type: 'made', piece: pieceId(piece), handle: earlier });
    return earlier;
  }
  const create = new CreateMultipartUploadCommand({
    ...{ ...placeOf(name), ContentType: contentType, Metadata: { sha256: archive.sha256 } },
    ...{ ChecksumAlgorithm: 'SHA256', Tagging: tagging(tags), ExpectedBucketOwner: account },
  });
  const { handle = '' } = await makePiece(making, piece, async () => ({
    handle: (await aws.s3.send(create)).UploadId,
  }));
  return handle;
}

type SentPart = CompletedPart & { readonly PartNumber: number };

async function partsThere(aws: Aws, name: string, UploadId: string): Promise<Map<number, SentPart>> {
  const found = new Map<number, SentPart>();
  // The SDK's pages go on as long as a marker is told, which some servers do at the end too.
  for (let marker: string | undefined, more = true; more;) {
    const page: ListPartsCommandOutput = await aws.s3.send(
      new ListPartsCommand({ ...placeOf(name), UploadId, PartNumberMarker: marker }),
    );
    for (const { PartNumber = 0, ETag, ChecksumSHA256 } of page.Parts ?? [])
      found.set(PartNumber, { PartNumber, ETag, ChecksumSHA256 });
    marker = page.NextPartNumberMarker;
    more = page.IsTruncated === true && marker !== undefined;
  }
  return found;
}

async function sendParts(
  aws: Aws,
  { archive, name, account, signal, onProgress }: Upload,
  UploadId: string,
  partBytes: number,
): Promise<SentPart[]> {
  const there = await partsThere(aws, name, UploadId);
  const count = Math.ceil(archive.bytes / partBytes);
  const sent: SentPart[] = [];
  let [next, done] = [0, 0];
  const file = await fs.open(archive.file, 'r');
  const send = async (at: number): Promise<SentPart> => {
    const length = Math.min(partBytes, archive.bytes - at * partBytes);
    const { buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, at * partBytes);
    const PartNumber = at + 1;
    const ChecksumSHA256 = sha256Of(buffer);
    const earlier = there.get(PartNumber);
    const part =
      earlier !== undefined && isSame(earlier, ChecksumSHA256, buffer)
        ? earlier
        : await sendPart(
            aws,
            { ...placeOf(name), UploadId, PartNumber, ChecksumSHA256, account },
            buffer,
            signal,
          );
    done += length;
    onProgress(done, archive.bytes);
    return part;
  };
  const work = async (): Promise<void> => {
    for (let at = next++; at < count; at = next++) {
      signal.throwIfAborted();
      sent.push(await send(at));
    }
  };
  try {
    // All are waited for, so that none reads from a file that is closed.
    const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, work));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  } finally {
    await file.close();
  }
  return sent.sort((a, b) => a.PartNumber - b.PartNumber);
}

interface Part {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string;
  readonly PartNumber: number;
  readonly ChecksumSHA256: string;
  readonly account: string;
}

async function sendPart(
  aws: Aws,
  { account, ...part }: Part,
  Body: Buffer,
  signal: AbortSignal,
): Promise<SentPart> {
  const { PartNumber, ChecksumSHA256 } = part;
  const send = new UploadPartCommand({ ...part, Body, ExpectedBucketOwner: account });
  const { ETag } = await aws.s3.send(send, { abortSignal: signal });
  return { PartNumber, ChecksumSHA256, ETag };
}

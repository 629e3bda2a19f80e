/** What kind of file its first bytes say it is, whatever its name. */

export type FileKind =
  | { readonly kind: 'empty' | 'parquet' | 'arrow' | 'excel' | 'gzip' | 'zstd' | 'text' }
  /** Not read by us: what it is, and what to do with it. */
  | { readonly kind: 'foreign'; readonly what: string; readonly advice: string };

interface Signature {
  readonly bytes: Buffer;
  readonly at?: number;
  readonly is: FileKind;
}

const AS_PARQUET = 'Write it as parquet, CSV or JSON lines, and give that file.';

function foreign(what: string, advice = AS_PARQUET): FileKind {
  return { kind: 'foreign', what, advice };
}

function packed(what: string, tool: string): FileKind {
  return foreign(what, `Unpack it first (${tool}), and give the files in it.`);
}

/** Older sets of reviews are written so. */
const PYTHON_DICTIONARIES = foreign(
  'a file of Python dictionaries and not JSON',
  'Write each as JSON (in Python: json.dumps(ast.literal_eval(line))), and give that file.',
);

const text = (characters: string): Buffer => Buffer.from(characters, 'latin1');

/** After the lists of file(1) and of each format's own specification. */
const SIGNATURES: readonly Signature[] = [
  { bytes: text('PAR1'), is: { kind: 'parquet' } },
  { bytes: text('ARROW1'), is: { kind: 'arrow' } },
  { bytes: text('\xff\xff\xff\xff'), is: { kind: 'arrow' } },
  { bytes: text('\x1f\x8b'), is: { kind: 'gzip' } },
  { bytes: text('\x28\xb5\x2f\xfd'), is: { kind: 'zstd' } },
  {
    bytes: text('PARE'),
    is: foreign('an encrypted parquet file', 'Write it without encryption, and give that file.'),
  },
  {
    bytes: text('FEA1'),
    is: foreign(
      'a Feather file of version 1',
      'Write it as Feather version 2 (the default of pandas and arrow today) or as parquet.',
    ),
  },
  { bytes: text('Obj\x01'), is: foreign('an Avro file') },
  { bytes: text('ORC'), is: foreign('an ORC file') },
  {
    bytes: text('SQLite format 3\0'),
    is: foreign('a SQLite database', 'Export the table you mean as CSV or parquet, and give that file.'),
  },
  {
    bytes: text('DUCK'),
    at: 8,
    is: foreign('a DuckDB database', "Export the table you mean: COPY … TO 'data.parquet'."),
  },
  { bytes: text('\x89HDF\r\n'), is: foreign('an HDF5 file') },
  { bytes: text('CDF'), is: foreign('a NetCDF file') },
  { bytes: text('\x93NUMPY'), is: foreign('a NumPy array') },
  { bytes: text('MATLAB 5.0 MAT'), is: foreign('a MATLAB file') },
  { bytes: text('RDX'), is: foreign('an R data file') },
  { bytes: text('SEQ'), is: foreign('a Hadoop sequence file') },
  {
    bytes: text('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'),
    is: foreign('an Excel file of the old kind (.xls)', 'Save it as .xlsx or CSV, and give that file.'),
  },
  { bytes: text('BZh'), is: packed('packed with bzip2', 'bunzip2') },
  { bytes: text('\xfd7zXZ\0'), is: packed('packed with xz', 'unxz') },
  { bytes: text('\x04\x22\x4d\x18'), is: packed('packed with lz4', 'unlz4') },
  { bytes: text('\xff\x06\0\0sNaPpY'), is: packed('packed with snappy', 'snzip -d') },
  { bytes: text('7z\xbc\xaf\x27\x1c'), is: packed('a 7-Zip archive', '7z x') },
  { bytes: text('Rar!'), is: packed('a RAR archive', 'unrar x') },
  { bytes: text('ustar'), at: 257, is: packed('a tar archive', 'tar -xf') },
  { bytes: text("{u'"), is: PYTHON_DICTIONARIES },
  { bytes: text("{'"), is: PYTHON_DICTIONARIES },
  { bytes: text('%PDF'), is: foreign('a PDF document', 'Get the data as CSV, and give that file.') },
  {
    bytes: text('version https://git-lfs'),
    is: foreign('a pointer of Git LFS and not the data', 'Get the data with git lfs pull.'),
  },
];

/** The mark of a protocol from 2 to 5, and then what an object or a frame begins with. */
const PICKLE = ['\x80\x02', '\x80\x03', '\x80\x04\x95', '\x80\x05\x95'];
const PAGE = /^\s*<(?:!doctype html|html|head)/i;
const XML = /^\s*<\?xml/i;

/**
 * @param head the first bytes of a file, 512 or more where it has them
 * @param holds whether the whole file holds these bytes somewhere in its head or tail; tells a workbook from another zip
 */
export function fileKindOf(head: Buffer, holds: (bytes: string) => boolean): FileKind {
  if (head.length === 0) return { kind: 'empty' };
  const found = SIGNATURES.find(({ bytes, at = 0 }) => head.subarray(at, at + bytes.length).equals(bytes));
  if (found !== undefined) return found.is;
  if (head.subarray(0, 4).equals(text('PK\x03\x04'))) return zipKind(holds);
  const start = head.toString('latin1', 0, 512);
  if (PICKLE.some((mark) => start.startsWith(mark)))
    return foreign('a Python pickle', 'Write it as parquet with to_parquet, and give that file.');
  if (PAGE.test(start))
    return foreign(
      'a web page and not data',
      'Download the data again; the server sent a page in their place.',
    );
  if (XML.test(start)) return foreign('an XML document');
  return { kind: 'text' };
}

function zipKind(holds: (bytes: string) => boolean): FileKind {
  if (holds('xl/workbook.xml') || holds('xl/worksheets')) return { kind: 'excel' };
  if (holds('mimetypeapplication/vnd.oasis.opendocument'))
    return foreign('an OpenDocument spreadsheet', 'Save it as .xlsx or CSV, and give that file.');
  if (holds('.npy')) return foreign('a NumPy archive (.npz)');
  return packed('a zip archive', 'unzip');
}

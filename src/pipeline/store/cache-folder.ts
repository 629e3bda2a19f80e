import * as os from 'node:os';
import * as path from 'node:path';

/** Where a user's programs keep what can be had again, by the manners of the system. */
export function cacheFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home = os.homedir(),
): string {
  const { XDG_CACHE_HOME: xdg = '', LOCALAPPDATA: local = '' } = env;
  if (xdg !== '') return path.join(xdg, 'recsys');
  if (platform === 'win32')
    return path.join(local === '' ? path.join(home, 'AppData', 'Local') : local, 'recsys', 'Cache');
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches', 'recsys');
  return path.join(home, '.cache', 'recsys');
}

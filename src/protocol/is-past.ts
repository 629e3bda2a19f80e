/** Whether a time is over; where there is none it never is. @param time ISO time */
export function isPast(time: string | undefined, now = Date.now()): boolean {
  return time !== undefined && Date.parse(time) <= now;
}

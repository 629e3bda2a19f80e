/** What whoever makes an endpoint's clock must be allowed beside what a deployment needs. */
import { clockName } from './deployment-names.ts';
import { allow, type PolicyPlaces, type Statement } from './policy-statement.ts';
import { madeIn, resourceArn, stackStatements } from './stack-policy.ts';

const SCHEDULE_ACTIONS = ['Create', 'Get', 'Update', 'Delete'].map((verb) => `scheduler:${verb}Schedule`);

export function clockStatements(places: PolicyPlaces): Statement[] {
  const stack = clockName(places.endpoint);
  return [
    ...stackStatements(places, { sid: 'Clock', stack, roleOf: 'scheduler.amazonaws.com' }),
    allow(
      'ClockSchedule',
      SCHEDULE_ACTIONS,
      resourceArn(places, 'scheduler', `schedule/default/${madeIn(stack)}`),
    ),
  ];
}

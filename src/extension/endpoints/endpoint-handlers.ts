import type { CommandHandlers } from '../commands/command-ids.ts';
import {
  cancelDeployment,
  copyAwsCommand,
  copyFrontCurl,
  deleteEndpoint,
  deleteFront,
  refreshStatus,
  rollBackEndpoint,
  sweepEndpoints,
} from '../deploy/aws-commands.ts';
import { deployRun } from '../deploy/deploy-run.ts';
import { findCosts } from '../deploy/find-costs.ts';
import type { Services } from '../services.ts';
import {
  copyEndpointCurl,
  openEndpointPage,
  stopEndpoint,
  swapEndpoint,
  tryEndpoint,
} from './endpoint-commands.ts';
import { serveLocally } from './serve-locally.ts';

type EndpointCommand =
  | 'recsys.serveLocally'
  | 'recsys.tryEndpoint'
  | 'recsys.copyEndpointCurl'
  | 'recsys.openEndpointPage'
  | 'recsys.swapEndpoint'
  | 'recsys.stopEndpoint'
  | 'recsys.deploy'
  | 'recsys.cancelDeployment'
  | 'recsys.rollBackEndpoint'
  | 'recsys.deleteEndpoint'
  | 'recsys.deleteFront'
  | 'recsys.sweepEndpoints'
  | 'recsys.findCosts'
  | 'recsys.refreshEndpoints'
  | 'recsys.copyEndpointCommand'
  | 'recsys.copyFrontCurl';

/** What the commands about endpoints do. */
export function endpointHandlers(services: Services): Pick<CommandHandlers, EndpointCommand> {
  return {
    'recsys.serveLocally': (target) => serveLocally(services, target),
    'recsys.tryEndpoint': (target) => tryEndpoint(services, target),
    'recsys.copyEndpointCurl': (target) => copyEndpointCurl(services, target),
    'recsys.openEndpointPage': (target) => openEndpointPage(services, target),
    'recsys.swapEndpoint': (target) => swapEndpoint(services, target),
    'recsys.stopEndpoint': (target) => stopEndpoint(services, target),
    'recsys.deploy': (target) => deployRun(services, target),
    'recsys.cancelDeployment': (target) => cancelDeployment(services, target),
    'recsys.rollBackEndpoint': (target) => rollBackEndpoint(services, target),
    'recsys.deleteEndpoint': (target) => deleteEndpoint(services, target),
    'recsys.deleteFront': (target) => deleteFront(services, target),
    'recsys.sweepEndpoints': () => sweepEndpoints(services),
    'recsys.findCosts': () => findCosts(services),
    'recsys.refreshEndpoints': () => refreshStatus(services),
    'recsys.copyEndpointCommand': (target) => copyAwsCommand(services, target),
    'recsys.copyFrontCurl': (target) => copyFrontCurl(services, target),
  };
}

import { AboutResponse, DoctorResponse, HardwareResponse } from '#wire/admin/index.ts';
import { defineRoute, type Route } from '../route.ts';

export interface InstallationDeps {
  examine(): Promise<DoctorResponse>;
  readAbout(): Promise<AboutResponse>;
  readHardware(): Promise<HardwareResponse>;
  /** Takes the sample documents in; how many there are. */
  loadSamples(): Promise<number>;
}

/** The installation itself: its machine, its state, what it is made of. */
export function installationRoutes(deps: InstallationDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/admin/v1/doctor',
      permission: 'operations.read',
      summary: 'What is in order here, what is worth a look and what is wrong, with what to do.',
      response: DoctorResponse,
      handle: async () => ({ kind: 'json', body: await deps.examine() }),
    }),
    defineRoute({
      method: 'GET',
      path: '/hradlo/v1/about',
      permission: 'account.own',
      summary: 'What runs here, of what it is made, and under which licences.',
      response: AboutResponse,
      handle: async () => ({ kind: 'json', body: await deps.readAbout() }),
    }),
    defineRoute({
      method: 'GET',
      path: '/admin/v1/hardware',
      permission: 'operations.read',
      summary: 'What the machine has, and how it is reached.',
      response: HardwareResponse,
      handle: async () => ({ kind: 'json', body: await deps.readHardware() }),
    }),
    defineRoute({
      method: 'POST',
      path: '/admin/v1/samples',
      permission: 'operations.manage',
      summary: 'Take the sample documents in, to try with.',
      handle: async () => ({ kind: 'json', body: { documents: await deps.loadSamples() } }),
    }),
  ];
}

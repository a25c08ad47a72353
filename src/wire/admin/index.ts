export { JobResponse, JobsQuery, JobsResponse } from './jobs.ts';

import { startDelayQuantile } from '../forecast/start-delay.ts';

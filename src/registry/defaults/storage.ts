import { each, ensure, type Filler, fill, inOrder, within } from './filling.ts';
import { roundResourceList, roundResources } from './resource-list.ts';

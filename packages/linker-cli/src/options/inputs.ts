import { addInput } from './settings.js';
import type { OptionSpec } from './spec.js';

/** Which files and archive members are linked. */
export const inputOptions: readonly OptionSpec[] = [
  {
    names: ['library', 'l'],
    group: 'Inputs',
    argument: { placeholder: 'NAME', repeatable: true },
    summary: 'Link the archive libNAME.a of a folder given by -L; -l:FILE looks for FILE itself',
    apply: (settings, value, position) => {
      addInput(settings, position, { library: value });
    },
  },
  {
    names: ['library-path', 'L'],
    group: 'Inputs',
    argument: { placeholder: 'DIR', repeatable: true, path: 'read' },
    summary: 'Look for the libraries of -l in DIR; can be repeated',
    apply: (settings, value) => {
      settings.libraryPaths.push(value);
    },
  },
  {
    names: ['whole-archive'],
    group: 'Inputs',
    summary: 'Link all members of the archives that follow',
    apply: (_settings, _value, position) => {
      position.wholeArchive = true;
    },
  },
  {
    names: ['no-whole-archive'],
    group: 'Inputs',
    summary: 'Link the members that are needed of the archives that follow (the default)',
    apply: (_settings, _value, position) => {
      position.wholeArchive = false;
    },
  },
  {
    names: ['start-lib'],
    group: 'Inputs',
    summary: 'Link the objects up to --end-lib as if they were members of an archive',
    apply: (_settings, _value, position) => {
      if (position.inLibrary) return '--start-lib inside of --start-lib';
      if (position.inGroup) return '--start-lib inside of --start-group';
      position.inLibrary = true;
      return undefined;
    },
  },
  {
    names: ['end-lib'],
    group: 'Inputs',
    summary: 'End what --start-lib began',
    apply: (_settings, _value, position) => {
      if (!position.inLibrary) return '--end-lib without --start-lib';
      position.inLibrary = false;
      return undefined;
    },
  },
  {
    names: ['start-group', '('],
    group: 'Inputs',
    summary: 'Begin a group of archives that need each other; all archives may without it',
    apply: (_settings, _value, position) => {
      if (position.inGroup) return '--start-group inside of --start-group';
      position.inGroup = true;
      return undefined;
    },
  },
  {
    names: ['end-group', ')'],
    group: 'Inputs',
    summary: 'End what --start-group began',
    apply: (_settings, _value, position) => {
      if (!position.inGroup) return '--end-group without --start-group';
      position.inGroup = false;
      return undefined;
    },
  },
];

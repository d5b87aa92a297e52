import yargs, { type Argv } from 'yargs';
import { options } from './options/index.js';

/**
 * Yargs with every option of the table declared. It documents the options and is the second opinion on command lines:
 * tests hold the scanner against it. It is loaded for that only, since loading it costs more than a small link.
 */
export function declareOptions(words: readonly string[] = []): Argv {
  const parser = yargs([...words])
    .scriptName('bpf-ld')
    .usage('Usage: $0 [options] FILE...\n\nLinks BPF objects into one.')
    // The table's names are the user's: `no-undefined` is no negation, `-Map` no group of letters.
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'short-option-groups': false,
    })
    .detectLocale(false)
    .help(false)
    .version(false)
    .exitProcess(false)
    .strictOptions()
    .wrap(helpWidth)
    .epilogue(epilogue);
  for (const { names, group, argument, summary } of options) {
    const [key, ...alias] = names;
    parser.option(key, {
      alias,
      group: `${group}:`,
      description: summary,
      ...(argument === undefined
        ? { type: 'boolean' }
        : {
            type: 'string',
            requiresArg: argument.absent === undefined,
            ...(argument.choices && { choices: argument.choices }),
            ...(argument.count && { coerce: toCount }),
          }),
    });
  }
  return parser;
}

/** The text of `--help`, ending in a newline. */
export async function helpText(): Promise<string> {
  const help = await declareOptions().getHelp();
  // Yargs ends each line with the type and the choices; the summaries say it in words.
  return `${help.replaceAll(/\s+\[(boolean|string)\](\s+\[choices:[^\]]*\])?/g, '')}\n`;
}

const helpWidth = 100;

const epilogue = [
  'FILE - is standard input. @FILE stands for the words in FILE. Long options take one dash or two, and their ' +
    'argument as --name=VALUE or --name VALUE.',
  'Exit status: 0 linked, 1 the link failed, 2 the command line was wrong.',
].join('\n\n');

function toCount(value: string): number {
  if (!/^\d+$/.test(value)) throw new Error(`not a number: ${value}`);
  return Number(value);
}

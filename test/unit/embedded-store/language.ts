import { compileAccumulator } from '@relecture/embedded-store/aggregate/accumulators.js';
import { outputStages } from '@relecture/embedded-store/aggregate/output.js';
import { compilePipeline } from '@relecture/embedded-store/aggregate/pipeline.js';
import { commands } from '@relecture/embedded-store/commands/registry.js';
import { sourceStages } from '@relecture/embedded-store/commands/sourceless.js';
import { CommandError, codes } from '@relecture/embedded-store/errors.js';
import { compileExpression } from '@relecture/embedded-store/expressions/compile.js';
import { compileFilter } from '@relecture/embedded-store/query/match.js';
import { compileUpdate } from '@relecture/embedded-store/update/compile.js';
import { typed, typedValue } from './documents.js';

/** MongoDB's language, word by word: the table says of each whether the store has it, by asking the store. */
const words = {
  filters:
    '$eq $ne $gt $gte $lt $lte $in $nin $and $or $nor $not $exists $type $expr $regex $mod $all $elemMatch $size $bitsAllSet $bitsAllClear $bitsAnySet $bitsAnyClear $comment $jsonSchema $where $text $geoWithin $geoIntersects $near $nearSphere $sampleRate',
  updates:
    '$set $unset $setOnInsert $inc $mul $min $max $rename $currentDate $bit $push $addToSet $pull $pullAll $pop $pushAll',
  stages:
    '$match $project $set $addFields $unset $replaceRoot $replaceWith $sort $limit $skip $count $sortByCount $group $bucket $bucketAuto $unwind $lookup $unionWith $facet $sample $setWindowFields $graphLookup $geoNear $out $merge $redact $densify $fill $documents $changeStream $search $collStats $indexStats $currentOp $listSessions $listLocalSessions $planCacheStats',
  accumulators:
    '$sum $avg $min $max $first $last $push $addToSet $mergeObjects $count $percentile $median $stdDevPop $stdDevSamp $firstN $lastN $minN $maxN $top $topN $bottom $bottomN $accumulator',
  expressions:
    '$abs $add $ceil $divide $exp $floor $ln $log $log10 $mod $multiply $pow $round $sqrt $subtract $trunc $cmp $eq $gt $gte $lt $lte $ne $and $not $or $cond $ifNull $switch $arrayElemAt $arrayToObject $concatArrays $filter $first $firstN $in $indexOfArray $isArray $last $lastN $map $maxN $minN $objectToArray $range $reduce $reverseArray $size $slice $sortArray $zip $allElementsTrue $anyElementTrue $setDifference $setEquals $setIntersection $setIsSubset $setUnion $concat $dateFromString $dateToString $indexOfBytes $indexOfCP $ltrim $regexFind $regexFindAll $regexMatch $replaceOne $replaceAll $rtrim $split $strLenBytes $strLenCP $strcasecmp $substr $substrBytes $substrCP $toLower $toUpper $trim $dateAdd $dateDiff $dateFromParts $dateSubtract $dateToParts $dateTrunc $dayOfMonth $dayOfWeek $dayOfYear $hour $isoDayOfWeek $isoWeek $isoWeekYear $millisecond $minute $month $second $week $year $convert $isNumber $toBool $toDate $toDecimal $toDouble $toInt $toLong $toObjectId $toString $type $getField $setField $unsetField $mergeObjects $literal $let $rand $bsonSize $binarySize $sum $avg $min $max $median $percentile $stdDevPop $stdDevSamp $sin $cos $tan $degreesToRadians $radiansToDegrees $tsSecond $tsIncrement $sampleRate $meta $function $accumulator',
} as const;

type Part = keyof typeof words;

const operands: Partial<Record<string, unknown>> = { $comment: 'x', $expr: true, $not: { $gt: 1 } };
const inFields = new Set([
  '$and',
  '$or',
  '$nor',
  '$expr',
  '$comment',
  '$jsonSchema',
  '$where',
  '$text',
  '$sampleRate',
]);

const compilers: Record<Part, (word: string) => unknown> = {
  filters: (word) => {
    const operand = operands[word] ?? 1;
    return compileFilter(typed(inFields.has(word) ? { [word]: operand } : { a: { [word]: operand } }));
  },
  updates: (word) => compileUpdate(typedValue({ [word]: { a: 1 } }), undefined, false),
  stages: (word) =>
    [...outputStages, ...sourceStages].includes(word)
      ? undefined
      : compilePipeline(typedValue([{ [word]: {} }]), undefined, false),
  accumulators: (word) => compileAccumulator('a', typed({ [word]: 1 })),
  expressions: (word) => compileExpression(typedValue({ [word]: 1 })),
};

/** Codes that say a word is not there; any other error is about the operand it was tried with. */
const notThere: Record<Part, readonly number[]> = {
  filters: [codes.commandNotSupported, codes.indexNotFound],
  updates: [codes.failedToParse],
  stages: [codes.unknownStage, 40573],
  accumulators: [15952],
  expressions: [168],
};

/** The code a word is refused with, or undefined when it is there. */
export function refusalOf(part: Part, word: string): number | undefined {
  try {
    compilers[part](word);
    return undefined;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const unknown = /unknown operator|no globalScriptEngine/.test(error.message);
    return unknown || notThere[part].includes(error.code) ? error.code : undefined;
  }
}

const titles: Record<Part, string> = {
  filters: 'Filters',
  updates: 'Updates',
  stages: 'Stages',
  accumulators: 'Accumulators',
  expressions: 'Expressions',
};

const quoted = (list: readonly string[]): string => list.map((word) => `\`${word}\``).join(' ');

/** The README's table of what is there and what is refused, and that of the commands with their fields. */
export function languageTables(): string {
  const rows = (Object.keys(words) as Part[]).map((part) => {
    const there: string[] = [];
    const refused = new Map<number, string[]>();
    for (const word of words[part].split(' ')) {
      const code = refusalOf(part, word);
      if (code === undefined) there.push(word);
      else refused.set(code, [...(refused.get(code) ?? []), word]);
    }
    const others = [...refused].map(([code, list]) => `${quoted(list)} (${code})`).join('; ');
    return `| ${titles[part]} | ${quoted(there)} | ${others} |`;
  });
  const fields = [...commands].map(
    ([name, { fields: known }]) => `| \`${name}\` | ${quoted(known) || '–'} |`,
  );
  return [
    '| | There | Refused (code) |',
    '|---|---|---|',
    ...rows,
    '',
    '| Command | Fields it understands |',
    '|---|---|',
    ...fields,
  ].join('\n');
}

import type { JsonObject, JsonValue } from "../../../schema/core/json.ts";

/**
 * Google's `generateContent`, v1beta, as far as the hub speaks it. What is sent is exact; what is read is evidence only: any
 * member may be missing, and enumerations are open.
 */

/** Who said something. There is no third: what a function gave back is the user's. */
export type WireRole = "user" | "model";

/** Bytes in base64. */
export type WireBlob = { mimeType?: string; data?: string };

export type WireFile = { mimeType?: string; fileUri?: string };

/** `partialArgs` and `willContinue` only come where arguments were asked for in pieces, which the hub never does. */
export type WireFunctionCall = {
  id?: string;
  name?: string;
  args?: JsonObject;
  partialArgs?: JsonValue;
  willContinue?: boolean;
};

export type WireFunctionResponse = {
  id?: string;
  name: string;
  response: JsonObject;
  parts?: WireMedia[];
};

/** Media, at an address or as bytes. */
export type WireMedia = { inlineData: WireBlob } | { fileData: WireFile };

/** Calls and answers of Google's own tools; they are only told with `includeServerSideToolInvocations`. */
export type WireToolCall = { id?: string; toolType?: string; args?: JsonObject };
export type WireToolResponse = { id?: string; toolType?: string; response?: JsonObject };

export type WireCode = { id?: string; language?: string; code?: string };
export type WireCodeResult = { id?: string; outcome?: string; output?: string };

export type WireWord = { word?: string; startOffset?: string; endOffset?: string };
export type WireTranscription = { text?: string; speakerLabel?: string; words?: WireWord[] };

/** One piece of a content: exactly one of the members that hold something, and what belongs to it. */
export type WirePart = {
  text?: string;
  /** Whether the text or the image is a thought. */
  thought?: boolean;
  /** May stand on any part, also on one whose text is empty. */
  thoughtSignature?: string;
  inlineData?: WireBlob;
  fileData?: WireFile;
  functionCall?: WireFunctionCall;
  functionResponse?: WireFunctionResponse;
  executableCode?: WireCode;
  codeExecutionResult?: WireCodeResult;
  toolCall?: WireToolCall;
  toolResponse?: WireToolResponse;
  audioTranscription?: WireTranscription;
  mediaResolution?: { level: string };
  mediaProcessing?: string;
  videoMetadata?: JsonObject;
};

export type WireContent = { role: WireRole; parts: WirePart[] };

/** A span of the answer, in bytes of UTF-8; a start of 0 is left out. */
export type WireSegment = { startIndex?: number; endIndex?: number; text?: string };

/** Documented under both pairs of names. */
export type WireReviewSnippet = {
  title?: string;
  googleMapsUri?: string;
  uri?: string;
  reviewId?: string;
  id?: string;
};

/** A source; one of the members is there. */
export type WireGroundingChunk = {
  web?: { uri?: string; title?: string };
  image?: { imageUri?: string; sourceUri?: string; title?: string };
  maps?: {
    uri?: string;
    title?: string;
    text?: string;
    placeId?: string;
    placeAnswerSources?: { reviewSnippets?: WireReviewSnippet[] };
  };
  retrievedContext?: {
    uri?: string;
    title?: string;
    text?: string;
    fileSearchStore?: string;
    pageNumber?: number;
    mediaId?: string;
    customMetadata?: JsonObject[];
  };
};

/** What an answer rests on. The indices of a support point into the chunks of the same object. */
export type WireGrounding = {
  webSearchQueries?: string[];
  imageSearchQueries?: string[];
  searchEntryPoint?: { renderedContent?: string };
  groundingChunks?: WireGroundingChunk[];
  groundingSupports?: { segment?: WireSegment; groundingChunkIndices?: number[] }[];
  googleMapsWidgetContextToken?: string;
};

export type WireCitation = { startIndex?: number; endIndex?: number; uri?: string; title?: string; license?: string };

export type WireCandidate = {
  content?: { parts?: WirePart[] };
  finishReason?: string;
  finishMessage?: string;
  groundingMetadata?: WireGrounding;
  urlContextMetadata?: { urlMetadata?: { retrievedUrl?: string; urlRetrievalStatus?: string }[] };
  citationMetadata?: { citationSources?: WireCitation[]; citations?: WireCitation[] };
  /** With the reason `CONTINUATION`: how the same request is asked to go on. */
  continuationToken?: string;
};

export type WireModalityCount = { modality?: string; tokenCount?: number };

export type WireUsage = {
  promptTokenCount?: number;
  cachedContentTokenCount?: number;
  candidatesTokenCount?: number;
  toolUsePromptTokenCount?: number;
  thoughtsTokenCount?: number;
  totalTokenCount?: number;
  promptTokensDetails?: WireModalityCount[];
  cacheTokensDetails?: WireModalityCount[];
  candidatesTokensDetails?: WireModalityCount[];
  toolUsePromptTokensDetails?: WireModalityCount[];
};

/** One record of the stream. A blocked prompt has `promptFeedback` and no candidate. */
export type WireChunk = {
  candidates?: WireCandidate[];
  promptFeedback?: { blockReason?: string; blockReasonMessage?: string };
  usageMetadata?: WireUsage;
  /** An error in the middle of a stream that began well. */
  error?: JsonObject;
};

export type WireFunctionDeclaration = { name: string; description?: string; parametersJsonSchema?: JsonObject };

/** Several may stand in one object; the hub sends one each. */
export type WireTool = {
  functionDeclarations?: WireFunctionDeclaration[];
  googleSearch?: { searchTypes?: { webSearch?: JsonObject; imageSearch?: JsonObject } };
  codeExecution?: JsonObject;
  urlContext?: JsonObject;
  googleMaps?: { enableWidget?: boolean };
  fileSearch?: { fileSearchStoreNames: string[]; metadataFilter?: string; topK?: number };
  computerUse?: JsonObject;
};

export type WireToolConfig = {
  functionCallingConfig?: { mode: string; allowedFunctionNames?: string[] };
  retrievalConfig?: { latLng: { latitude?: number; longitude?: number } };
  includeServerSideToolInvocations?: boolean;
};

export type WireVoice = { prebuiltVoiceConfig: { voiceName: string } };

export type WireSpeechConfig = {
  voiceConfig?: WireVoice;
  languageCode?: string;
  multiSpeakerVoiceConfig?: { speakerVoiceConfigs: { speaker: string; voiceConfig?: WireVoice }[] };
};

/** The settings of a request, flat as the official client takes them; it puts each where the REST API has it. */
export type WireConfig = {
  systemInstruction?: string;
  temperature?: number;
  topP?: number;
  presencePenalty?: number;
  frequencyPenalty?: number;
  seed?: number;
  stopSequences?: string[];
  maxOutputTokens?: number;
  thinkingConfig?: { thinkingLevel?: string; thinkingBudget?: number; includeThoughts?: boolean };
  responseMimeType?: string;
  responseJsonSchema?: JsonObject;
  responseModalities?: string[];
  imageConfig?: { aspectRatio?: string; imageSize?: string };
  speechConfig?: WireSpeechConfig;
  audioTranscriptionConfig?: JsonObject;
  safetySettings?: { category: string; threshold?: string }[];
  tools?: WireTool[];
  toolConfig?: WireToolConfig;
  labels?: Record<string, string>;
  serviceTier?: string;
  store?: boolean;
};

export type WireRequest = { model: string; contents: WireContent[]; config: WireConfig };

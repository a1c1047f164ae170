// Made by scripts/make-extractors.py; do not edit.
// swift-format-ignore-file

/// The text of `ExtractorCatalog.builtIn`.
let builtInExtractorText: StaticString = #"""
# The extractors that tally ships, made on 2026-11-24 by scripts/make-extractors.py.
# Source: genai-prices==0.2.3 (https://github.com/pydantic/genai-prices, MIT).
# provider flavor root model; then the measures that it reads, ! where one is required.
anthropic default usage model
! input_tokens input_tokens
+ input_tokens cache_creation_input_tokens
+ input_tokens cache_read_input_tokens
+ cache_write_tokens cache_creation_input_tokens
+ cache_write_5m_tokens cache_creation/ephemeral_5m_input_tokens
+ cache_write_1h_tokens cache_creation/ephemeral_1h_input_tokens
+ cache_read_tokens cache_read_input_tokens
+ web_searches server_tool_use/web_search_requests
+ output_reasoning_tokens output_tokens_details/thinking_tokens
! output_tokens output_tokens
anthropic chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens cached_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
arcee default usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
arcee chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
aws default usage model
! input_tokens inputTokens
+ input_tokens cacheReadInputTokens
+ input_tokens cacheWriteInputTokens
+ cache_read_tokens cacheReadInputTokens
+ cache_write_tokens cacheWriteInputTokens
+ cache_write_5m_tokens cacheDetails/ttl=5m/inputTokens
+ cache_write_1h_tokens cacheDetails/ttl=1h/inputTokens
! output_tokens outputTokens
aws anthropic usage model
! input_tokens input_tokens
+ input_tokens cache_creation_input_tokens
+ input_tokens cache_read_input_tokens
+ cache_write_tokens cache_creation_input_tokens
+ cache_write_5m_tokens cache_creation/ephemeral_5m_input_tokens
+ cache_write_1h_tokens cache_creation/ephemeral_1h_input_tokens
+ cache_read_tokens cache_read_input_tokens
! output_tokens output_tokens
azure chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
azure responses usage model
! input_tokens input_tokens
+ cache_read_tokens input_tokens_details/cached_tokens
+ cache_write_tokens input_tokens_details/cache_write_tokens
+ output_reasoning_tokens output_tokens_details/reasoning_tokens
! output_tokens output_tokens
azure realtime response/usage model
+ input_tokens input_tokens
+ input_text_tokens input_token_details/text_tokens
+ input_audio_tokens input_token_details/audio_tokens
+ input_image_tokens input_token_details/image_tokens
+ cache_read_tokens input_token_details/cached_tokens
+ cache_text_read_tokens input_token_details/cached_tokens_details/text_tokens
+ cache_audio_read_tokens input_token_details/cached_tokens_details/audio_tokens
+ cache_image_read_tokens input_token_details/cached_tokens_details/image_tokens
+ output_text_tokens output_token_details/text_tokens
+ output_audio_tokens output_token_details/audio_tokens
+ output_tokens output_tokens
azure embeddings usage model
! input_tokens prompt_tokens
azure anthropic usage model
! input_tokens input_tokens
+ input_tokens cache_creation_input_tokens
+ input_tokens cache_read_input_tokens
+ cache_write_tokens cache_creation_input_tokens
+ cache_write_5m_tokens cache_creation/ephemeral_5m_input_tokens
+ cache_write_1h_tokens cache_creation/ephemeral_1h_input_tokens
+ cache_read_tokens cache_read_input_tokens
! output_tokens output_tokens
baseten chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
baseten anthropic usage model
! input_tokens input_tokens
+ input_tokens cache_read_input_tokens
+ cache_read_tokens cache_read_input_tokens
! output_tokens output_tokens
cerebras chat usage model
! input_tokens prompt_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
cloudflare default result/usage result/model
! input_tokens prompt_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
cloudflare chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
cloudflare responses usage model
! input_tokens input_tokens
+ cache_read_tokens input_tokens_details/cached_tokens
+ output_reasoning_tokens output_tokens_details/reasoning_tokens
! output_tokens output_tokens
cloudflare embeddings usage model
! input_tokens prompt_tokens
cloudflare decisions result/usage result/model
! input_tokens input_tokens
! output_tokens output_tokens
cohere default usage/billed_units model
! input_tokens input_tokens
! output_tokens output_tokens
cohere tokens usage model
+ input_tokens tokens/input_tokens
+ output_tokens tokens/output_tokens
+ cache_read_tokens cached_tokens
cohere embeddings meta/billed_units model
! input_tokens input_tokens
cursor usage-event tokenUsage model
! input_tokens inputTokens
! input_tokens cacheWriteTokens
! input_tokens cacheReadTokens
! cache_write_tokens cacheWriteTokens
! cache_read_tokens cacheReadTokens
! output_tokens outputTokens
databricks default usage model
! input_tokens prompt_tokens
+ cache_read_tokens cache_read_input_tokens
+ output_reasoning_tokens reasoning_tokens
! output_tokens completion_tokens
databricks chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens cache_read_input_tokens
+ output_reasoning_tokens reasoning_tokens
! output_tokens completion_tokens
databricks responses usage model
! input_tokens input_tokens
+ cache_read_tokens input_tokens_details/cached_tokens
+ output_reasoning_tokens output_tokens_details/reasoning_tokens
! output_tokens output_tokens
databricks embeddings usage model
! input_tokens prompt_tokens
deepseek chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
doubleword chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
doubleword responses usage model
! input_tokens input_tokens
+ cache_read_tokens input_tokens_details/cached_tokens
! output_tokens output_tokens
doubleword embeddings usage model
! input_tokens prompt_tokens
fireworks chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
github-copilot chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
github-copilot responses usage model
! input_tokens input_tokens
+ cache_read_tokens input_tokens_details/cached_tokens
+ cache_write_tokens input_tokens_details/cache_write_tokens
+ output_reasoning_tokens output_tokens_details/reasoning_tokens
! output_tokens output_tokens
google default usageMetadata modelVersion
+ input_tokens promptTokenCount
+ cache_read_tokens cachedContentTokenCount
+ cache_text_read_tokens cacheTokensDetails/modality=TEXT/tokenCount
+ cache_audio_read_tokens cacheTokensDetails/modality=AUDIO/tokenCount
+ cache_image_read_tokens cacheTokensDetails/modality=IMAGE/tokenCount
+ cache_image_read_tokens cacheTokensDetails/modality=DOCUMENT/tokenCount
+ cache_video_read_tokens cacheTokensDetails/modality=VIDEO/tokenCount
+ input_text_tokens promptTokensDetails/modality=TEXT/tokenCount
+ input_audio_tokens promptTokensDetails/modality=AUDIO/tokenCount
+ input_image_tokens promptTokensDetails/modality=IMAGE/tokenCount
+ input_image_tokens promptTokensDetails/modality=DOCUMENT/tokenCount
+ input_video_tokens promptTokensDetails/modality=VIDEO/tokenCount
+ output_text_tokens candidatesTokensDetails/modality=TEXT/tokenCount
+ output_audio_tokens candidatesTokensDetails/modality=AUDIO/tokenCount
+ output_image_tokens candidatesTokensDetails/modality=IMAGE/tokenCount
+ output_image_tokens candidatesTokensDetails/modality=DOCUMENT/tokenCount
+ output_video_tokens candidatesTokensDetails/modality=VIDEO/tokenCount
+ output_tokens candidatesTokenCount
+ output_tokens thoughtsTokenCount
+ output_reasoning_tokens thoughtsTokenCount
+ input_tokens toolUsePromptTokenCount
+ input_tool_tokens toolUsePromptTokenCount
+ input_text_tokens toolUsePromptTokensDetails/modality=TEXT/tokenCount
+ input_text_tool_tokens toolUsePromptTokensDetails/modality=TEXT/tokenCount
+ input_audio_tokens toolUsePromptTokensDetails/modality=AUDIO/tokenCount
+ input_audio_tool_tokens toolUsePromptTokensDetails/modality=AUDIO/tokenCount
+ input_image_tokens toolUsePromptTokensDetails/modality=IMAGE/tokenCount
+ input_image_tool_tokens toolUsePromptTokensDetails/modality=IMAGE/tokenCount
+ input_image_tokens toolUsePromptTokensDetails/modality=DOCUMENT/tokenCount
+ input_image_tool_tokens toolUsePromptTokensDetails/modality=DOCUMENT/tokenCount
+ input_video_tokens toolUsePromptTokensDetails/modality=VIDEO/tokenCount
+ input_video_tool_tokens toolUsePromptTokensDetails/modality=VIDEO/tokenCount
google anthropic usage model
! input_tokens input_tokens
+ input_tokens cache_creation_input_tokens
+ input_tokens cache_read_input_tokens
+ cache_write_tokens cache_creation_input_tokens
+ cache_write_5m_tokens cache_creation/ephemeral_5m_input_tokens
+ cache_write_1h_tokens cache_creation/ephemeral_1h_input_tokens
+ cache_read_tokens cache_read_input_tokens
! output_tokens output_tokens
google chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
groq default usage model
! input_tokens prompt_tokens
! output_tokens completion_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
huggingface_cerebras default usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
huggingface_cerebras chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
huggingface_fireworks-ai default usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
huggingface_fireworks-ai chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
huggingface_groq default usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
huggingface_groq chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
huggingface_hyperbolic default usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
huggingface_hyperbolic chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
huggingface_nebius default usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
huggingface_nebius chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
huggingface_novita default usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
huggingface_novita chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
huggingface_nscale default usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
huggingface_nscale chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
huggingface_ovhcloud default usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
huggingface_ovhcloud chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
huggingface_publicai default usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
huggingface_publicai chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
huggingface_sambanova default usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
huggingface_sambanova chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
huggingface_together default usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
huggingface_together chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
meta chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
meta responses usage model
! input_tokens input_tokens
+ cache_read_tokens input_tokens_details/cached_tokens
+ output_reasoning_tokens output_tokens_details/reasoning_tokens
! output_tokens output_tokens
minimax default usage model
! input_tokens input_tokens
+ input_tokens cache_creation_input_tokens
+ input_tokens cache_read_input_tokens
+ cache_write_tokens cache_creation_input_tokens
+ cache_read_tokens cache_read_input_tokens
! output_tokens output_tokens
minimax responses usage model
! input_tokens input_tokens
+ cache_read_tokens input_tokens_details/cached_tokens
! output_tokens output_tokens
minimax chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
mistral default usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
mistral ocr usage_info model
! input_document_pages pages_processed
mistral ocr_annotated usage_info model
! input_document_pages pages_processed
! input_annotated_document_pages pages_processed
modal chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ output_reasoning_tokens reasoning_tokens
! output_tokens completion_tokens
modal responses usage model
! input_tokens input_tokens
+ cache_read_tokens input_tokens_details/cached_tokens
+ cache_write_tokens input_tokens_details/cache_write_tokens
+ output_reasoning_tokens output_tokens_details/reasoning_tokens
! output_tokens output_tokens
moonshotai chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
openai chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
openai responses usage model
! input_tokens input_tokens
+ cache_read_tokens input_tokens_details/cached_tokens
+ cache_write_tokens input_tokens_details/cache_write_tokens
+ output_reasoning_tokens output_tokens_details/reasoning_tokens
! output_tokens output_tokens
openai realtime response/usage model
+ input_tokens input_tokens
+ input_text_tokens input_token_details/text_tokens
+ input_audio_tokens input_token_details/audio_tokens
+ input_image_tokens input_token_details/image_tokens
+ cache_read_tokens input_token_details/cached_tokens
+ cache_text_read_tokens input_token_details/cached_tokens_details/text_tokens
+ cache_audio_read_tokens input_token_details/cached_tokens_details/audio_tokens
+ cache_image_read_tokens input_token_details/cached_tokens_details/image_tokens
+ output_text_tokens output_token_details/text_tokens
+ output_audio_tokens output_token_details/audio_tokens
+ output_tokens output_tokens
openai images usage model
! input_tokens input_tokens
! input_text_tokens input_tokens_details/text_tokens
! input_image_tokens input_tokens_details/image_tokens
! output_tokens output_tokens
+ output_text_tokens output_tokens_details/text_tokens
+ output_image_tokens output_tokens_details/image_tokens
openai embeddings usage model
! input_tokens prompt_tokens
openai live usage model
! audio_seconds seconds
openai-decisions default usage model
! input_tokens input_tokens
+ cache_read_tokens input_tokens_details/cached_tokens
+ cache_write_tokens input_tokens_details/cache_write_tokens
+ output_reasoning_tokens output_tokens_details/reasoning_tokens
! output_tokens output_tokens
openai-decisions responses usage model
! input_tokens input_tokens
+ cache_read_tokens input_tokens_details/cached_tokens
+ cache_write_tokens input_tokens_details/cache_write_tokens
+ output_reasoning_tokens output_tokens_details/reasoning_tokens
! output_tokens output_tokens
openrouter chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
openrouter decisions usage model
! input_tokens input_tokens
! output_tokens output_tokens
openrouter systemone usage model
! input_tokens input_tokens
! output_tokens output_tokens
openrouter default usage model
! input_tokens input_tokens
+ cache_read_tokens input_tokens_details/cached_tokens
+ cache_write_tokens input_tokens_details/cache_write_tokens
+ output_reasoning_tokens output_tokens_details/reasoning_tokens
! output_tokens output_tokens
ovhcloud default usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
ovhcloud chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
perplexity default usage model
! input_tokens prompt_tokens
+ output_tokens reasoning_tokens
+ output_reasoning_tokens reasoning_tokens
+ output_tokens citation_tokens
+ output_citation_tokens citation_tokens
+ web_searches num_search_queries
! output_tokens completion_tokens
perplexity decisions usage model
! input_tokens input_tokens
! output_tokens output_tokens
perplexity responses usage model
! input_tokens input_tokens
+ cache_read_tokens input_tokens_details/cache_read_input_tokens
+ output_reasoning_tokens output_tokens_details/reasoning_tokens
! output_tokens output_tokens
+ web_searches tool_calls_details/search_web/invocation
perplexity embeddings usage model
! input_tokens prompt_tokens
quicksilverpro chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ cache_write_tokens prompt_tokens_details/cache_write_tokens
+ input_audio_tokens prompt_tokens_details/audio_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
quicksilverpro responses usage model
! input_tokens input_tokens
+ cache_read_tokens input_tokens_details/cached_tokens
+ cache_write_tokens input_tokens_details/cache_write_tokens
+ output_reasoning_tokens output_tokens_details/reasoning_tokens
! output_tokens output_tokens
typesafe default usage model
! input_tokens input_tokens
! output_tokens output_tokens
x-ai default usage model
! input_tokens prompt_tokens
+ cache_read_tokens cached_prompt_text_tokens
+ output_tokens reasoning_tokens
+ output_reasoning_tokens reasoning_tokens
! output_tokens completion_tokens
x-ai chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ output_audio_tokens completion_tokens_details/audio_tokens
+ output_tokens completion_tokens_details/reasoning_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
x-ai responses usage model
! input_tokens input_tokens
+ cache_read_tokens input_tokens_details/cached_tokens
+ output_reasoning_tokens output_tokens_details/reasoning_tokens
! output_tokens output_tokens
x-ai realtime usage model
+ input_tokens input_tokens
+ input_text_tokens input_token_details/text_tokens
+ input_audio_tokens input_token_details/audio_tokens
+ output_tokens output_tokens
+ output_text_tokens output_token_details/text_tokens
+ output_audio_tokens output_token_details/audio_tokens
! audio_seconds billable_audio_seconds
+ input_text_messages input_text_messages
zai chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
zhipuai chat usage model
! input_tokens prompt_tokens
+ cache_read_tokens prompt_tokens_details/cached_tokens
+ output_reasoning_tokens completion_tokens_details/reasoning_tokens
! output_tokens completion_tokens
"""#

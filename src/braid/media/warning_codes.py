"""Every warning that probing can give: its code and what it means for the person who annotates."""

from __future__ import annotations

WARNING_CODES: dict[str, str] = {
    "W_AUDIO_LATE": "The audio starts more than 40 ms after the video; it is placed where it belongs.",
    "W_COLUMNS_LEFT_OUT": "Columns of a table that are not numeric are no channels.",
    "W_DUPLICATE_TIMES": "Video frames share a presentation time; the last of each time is the one that is shown.",
    "W_ENCODING": "The text is not UTF-8; its byte order mark said how to read it.",
    "W_FAR_POINTS": "Points beyond 10,000 km are not shown.",
    "W_LATIN1": "The text is not UTF-8 and was read as Latin-1; accents may be wrong.",
    "W_NAME_MISMATCH": "The name claims another format than the content; the content counts.",
    "W_NOT_A_SERIES": "A table that is no time series is kept as text.",
    "W_NOT_FINITE": "Points with NaN or Inf are not shown; the indexes of the others stay.",
    "W_NOT_NUMBERS": "Values of a numeric channel are not numbers and count as missing.",
    "W_NO_DURATION": "The container does not say how long it is; its packets were counted.",
    "W_PRIMING_UNKNOWN": "The encoder's delay is not stored: the audio may be 20 to 50 ms late.",
    "W_RAGGED": "Rows of a table have more or fewer fields than its header.",
    "W_ROWS_WITHOUT_TIME": "Rows without a readable time were left out.",
    "W_TIMES_GUESSED": "The container stores no presentation times; they are the decoder's.",
    "W_TIME_UNIT_GUESSED": "The unit of a time column was taken from the size of its values.",
    "W_TIME_UNSORTED": "Readings come earlier than the one before them.",
    "W_TRAILING_BYTES": "The file holds more data than its header says; it was ignored.",
    "W_TRUNCATED": "The file ends before it should, or claims more than it holds; what is there was read.",
    "W_VARIABLE_RATE": "The time between video frames varies; the frame table is exact.",
    "W_VIDEO_LATE": "The video starts more than 40 ms after the audio; it is placed where it belongs.",
    "W_ZERO_RETURNS": "Points lie exactly at the sensor: returns without an echo.",
}

"""CodeRM's unit-test prompt and this model's chat template around it.

The three texts equal those of src/prompt.ts, byte for byte; a test compares them.
"""
HEAD = (
    "Below is a question and it's corresponding code answer. Please write test cases to check the correctness "
    "of the code answer. You need to use the unittest library in Python and create a test class for testing."
    "\n\n### question\n"
)
MIDDLE = "\n\n### code solution\n"
TAIL = (
    "\n\nPlease add detailed comments to the test cases you write. You do not need to test the "
    "function's ability to throw exceptions.\n"
)
USER, ASSISTANT, END = "<|user|>", "<|assistant|>", "<|end|>"
TEMPLATE = (
    "{%- for message in messages -%}"
    "{%- if message['role'] == 'assistant' -%}{{ '<|assistant|>' + message['content'] + '<|end|>' }}"
    "{%- else -%}{{ '<|user|>' + message['content'] }}{%- endif -%}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{ '<|assistant|>' }}{%- endif -%}"
)


def rendered(question, code):
    """The prompt as the model gets it."""
    return USER + HEAD + question + MIDDLE + code + TAIL + ASSISTANT

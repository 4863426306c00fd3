import SurveyData
